//! revm on what `bench_evm_peers FOLDER` has run and written there: the same programs and blocks, the same
//! windows of CPU time, one thread; prints both machines' rates. Gas of every program and transaction, and
//! every changed account and slot, must be equal.
//!
//! Exit status: 0 equal, 1 something differs, 101 a file cannot be read.
mod block;
mod json;

use std::path::Path;

use revm::bytecode::Bytecode;
use revm::context::{CfgEnv, Context, TxEnv};
use revm::context_interface::result::ExecutionResult;
use revm::database::{CacheDB, EmptyDB};
use revm::primitives::{address, hardfork::SpecId, Address, TxKind, U256};
use revm::state::AccountInfo;
use revm::{ExecuteEvm, MainBuilder, MainContext};
use serde_json::Value;

const WINDOWS: usize = 8;

pub type Db = CacheDB<EmptyDB>;

fn cpu_seconds() -> f64 {
    let mut t = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: t is a timespec, and the clock exists wherever POSIX does.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut t) };
    t.tv_sec as f64 + 1e-9 * t.tv_nsec as f64
}

/// Prepares outside the clock and runs inside it: the best rate of an amount, and the last result.
pub fn best<P, R>(mut prepare: impl FnMut() -> P, mut run: impl FnMut(P) -> (f64, R)) -> (f64, R) {
    let mut rate: f64 = 0.0;
    let mut last = None;
    for _ in 0..WINDOWS {
        let prepared = prepare();
        let start = cpu_seconds();
        let (amount, result) = run(prepared);
        rate = rate.max(amount / (cpu_seconds() - start));
        last = Some(result);
    }
    (rate, last.expect("there are windows"))
}

/// Osaka without what only limits a transaction's size.
pub fn rules() -> CfgEnv {
    let mut cfg = CfgEnv::new_with_spec(SpecId::OSAKA);
    cfg.tx_gas_limit_cap = Some(u64::MAX);
    cfg
}

/// The gas of the code itself, without what a transaction costs in any case, and the rate.
fn run_program(program: &Value) -> (u64, f64) {
    let to: Address = address!("00000000000000000000000000000000000000cc");
    let mut db = Db::default();
    db.insert_account_info(
        to,
        AccountInfo::from_bytecode(Bytecode::new_raw(json::bytes(&program["code"]).into())),
    );
    let input = U256::from(json::number(&program["rounds"])).to_be_bytes::<32>();
    let zeros = input.iter().filter(|byte| **byte == 0).count() as u64;
    let intrinsic = 21_000 + 4 * zeros + 16 * (32 - zeros);
    let transaction = TxEnv {
        kind: TxKind::Call(to),
        gas_limit: 1 << 50,
        data: input.to_vec().into(),
        ..Default::default()
    };
    let mut evm = Context::mainnet()
        .with_db(db)
        .with_cfg(rules())
        .modify_block_chained(|block| block.gas_limit = 1 << 50)
        .build_mainnet();
    let (rate, gas) = best(
        || transaction.clone(),
        |transaction| match evm
            .transact(transaction)
            .expect("a call from nobody")
            .result
        {
            ExecutionResult::Success { gas, .. } => {
                let used = gas.total_gas_spent() - intrinsic;
                (used as f64, used)
            }
            other => panic!("{other:?}"),
        },
    );
    (gas, rate)
}

fn print_row(name: &str, unit: &str, scale: f64, ours: f64, theirs: f64, equal: bool) {
    println!(
        "{name:<24} {:>11.1} {:>11.1} {:>7.2}  {unit}{}",
        ours / scale,
        theirs / scale,
        ours / theirs,
        if equal { "" } else { "  RESULTS DIFFER" }
    );
}

fn main() {
    let folder = std::env::args().nth(1).expect("usage: evm-peers FOLDER");
    let folder = Path::new(&folder);
    let ours = json::read(&folder.join("ours.json"));
    let mut all_equal = true;
    println!("{:<24} {:>11} {:>11} {:>7}", "", "mote", "revm", "ratio");
    for program in json::list(&ours["programs"]) {
        let (gas, rate) = run_program(program);
        let equal = gas == json::number(&program["gas"]);
        all_equal &= equal;
        let name = format!("program {}", json::text(&program["name"]));
        print_row(
            &name,
            "Mgas/s",
            1e6,
            json::float(&program["rate"]),
            rate,
            equal,
        );
    }
    for one in json::list(&ours["blocks"]) {
        let name = json::text(&one["name"]);
        let (rate, differences) = block::run(&folder.join(format!("{name}.json")), one);
        for difference in differences.iter().take(3) {
            eprintln!("{name}: {difference}");
        }
        all_equal &= differences.is_empty();
        let row = format!("block {name}");
        let rate_ours = json::float(&one["rate"]);
        print_row(
            &row,
            "thousand tx/s",
            1e3,
            rate_ours,
            rate,
            differences.is_empty(),
        );
    }
    std::process::exit(i32::from(!all_equal));
}
