//! A block of platforms/workload/dump.hpp on revm. Its fastest way is taken: the journal is kept over the
//! whole block and the changes are drawn from it at the end; the state before is in hash tables.
use std::path::Path;

use alloy_rlp::{Decodable, Header};
use revm::bytecode::Bytecode;
use revm::context::{BlockEnv, Context, TxEnv};
use revm::context_interface::transaction::{AccessList, AccessListItem};
use revm::primitives::{Address, Bytes, TxKind, B256, U256};
use revm::state::{AccountInfo, EvmState};
use revm::{ExecuteEvm, MainBuilder, MainContext};
use serde_json::Value;

use crate::{best, json, rules, Db};

const RLP: &str = "RLP of a transaction";

fn access_list(mut items: &[u8]) -> AccessList {
    let mut out = Vec::new();
    while !items.is_empty() {
        let mut item = Header::decode_bytes(&mut items, true).expect(RLP);
        let address = Address::decode(&mut item).expect(RLP);
        let storage_keys = Vec::<B256>::decode(&mut item).expect(RLP);
        out.push(AccessListItem {
            address,
            storage_keys,
        });
    }
    AccessList(out)
}

/// Types 0 to 2, all with a chain id; the signature is left.
fn transaction(bytes: &[u8], sender: Address, chain_id: u64) -> TxEnv {
    let tx_type = if bytes[0] < 0xc0 { bytes[0] } else { 0 };
    assert!(tx_type <= 2, "a transaction of type {tx_type}");
    let mut rest = if tx_type == 0 { bytes } else { &bytes[1..] };
    let mut fields = Header::decode_bytes(&mut rest, true).expect(RLP);
    let fields = &mut fields;
    if tx_type != 0 {
        assert_eq!(u64::decode(fields).expect(RLP), chain_id);
    }
    let nonce = u64::decode(fields).expect(RLP);
    let gas_priority_fee = (tx_type == 2).then(|| u128::decode(fields).expect(RLP));
    let gas_price = u128::decode(fields).expect(RLP);
    let gas_limit = u64::decode(fields).expect(RLP);
    let kind = TxKind::decode(fields).expect(RLP);
    let value = U256::decode(fields).expect(RLP);
    let data = Bytes::decode(fields).expect(RLP);
    let access_list = if tx_type == 0 {
        AccessList::default()
    } else {
        access_list(Header::decode_bytes(fields, true).expect(RLP))
    };
    TxEnv {
        tx_type,
        caller: sender,
        nonce,
        gas_priority_fee,
        gas_price,
        gas_limit,
        kind,
        value,
        data,
        access_list,
        chain_id: Some(chain_id),
        ..Default::default()
    }
}

fn state_before(pre: &Value) -> Db {
    let mut db = Db::default();
    for (name, fields) in pre.as_object().expect("accounts") {
        let address = json::address(name);
        let mut info = AccountInfo::default()
            .with_balance(json::word(&fields["balance"]))
            .with_nonce(json::number(&fields["nonce"]));
        let code = json::bytes(&fields["code"]);
        if !code.is_empty() {
            info = info.with_code(Bytecode::new_raw(code.into()));
        }
        db.insert_account_info(address, info);
        for (key, value) in fields["storage"].as_object().expect("slots") {
            let key: U256 = key.parse().expect("a slot");
            db.insert_account_storage(address, key, json::word(value))
                .expect("nothing behind it");
        }
    }
    db
}

fn block_env(env: &Value) -> BlockEnv {
    BlockEnv {
        number: json::word(&env["currentNumber"]),
        timestamp: json::word(&env["currentTimestamp"]),
        gas_limit: json::number(&env["currentGasLimit"]),
        beneficiary: json::address(json::text(&env["currentCoinbase"])),
        basefee: json::number(&env["currentBaseFee"]),
        prevrandao: Some(json::word(&env["currentRandom"]).into()),
        ..Default::default()
    }
}

/// Where the state after the block is another one than `ours`.
fn compare_state(ours: &Value, mut state: EvmState, out: &mut Vec<String>) {
    for (name, expected) in ours["accounts"].as_object().expect("accounts") {
        let address = json::address(name);
        let Some(account) = state.get(&address) else {
            out.push(format!("account {address} is unknown"));
            continue;
        };
        let expected = (
            json::number(&expected["nonce"]),
            json::word(&expected["balance"]),
        );
        let found = (account.info.nonce, account.info.balance);
        if found != expected {
            out.push(format!("account {address}: {expected:?} and {found:?}"));
        }
    }
    for slot in json::list(&ours["slots"]) {
        let (address, key) = (json::address(json::text(&slot[0])), json::word(&slot[1]));
        let expected = json::word(&slot[2]);
        let found = state
            .get_mut(&address)
            .and_then(|account| account.storage.remove(&key))
            .map(|slot| slot.present_value());
        if found != Some(expected) {
            out.push(format!(
                "slot {key:#x} of {address}: {expected:#x} and {found:?}"
            ));
        }
    }
    // What is left must not have changed.
    for (address, account) in &state {
        for (key, slot) in &account.storage {
            if slot.is_changed() {
                out.push(format!("slot {key:#x} of {address} changed only here"));
            }
        }
        if account.info != account.original_info()
            && !ours["accounts"]
                .as_object()
                .is_some_and(|all| all.contains_key(&format!("{address:#x}")))
        {
            out.push(format!("account {address} changed only here"));
        }
    }
}

/// Transactions a second, and what differs from `ours`.
pub fn run(path: &Path, ours: &Value) -> (f64, Vec<String>) {
    let file = json::read(path);
    let chain_id = json::number(&file["config"]["chainid"]);
    let transactions: Vec<TxEnv> = json::list(&file["transactions"])
        .iter()
        .zip(json::list(&file["senders"]))
        .map(|(bytes, sender)| {
            transaction(
                &json::bytes(bytes),
                json::address(json::text(sender)),
                chain_id,
            )
        })
        .collect();
    let mut cfg = rules();
    cfg.chain_id = chain_id;
    let mut evm = Context::mainnet()
        .with_db(state_before(&file["pre"]))
        .with_cfg(cfg)
        .with_block(block_env(&file["env"]))
        .build_mainnet();
    let (rate, (results, state)) = best(
        || transactions.clone(),
        |transactions| {
            let amount = transactions.len() as f64;
            let all = evm
                .transact_many_finalize(transactions.into_iter())
                .unwrap_or_else(|error| panic!("a transaction is refused: {error:?}"));
            (amount, (all.result, all.state))
        },
    );
    let mut differences = Vec::new();
    let expected = json::list(&ours["gas"]);
    if expected.len() != results.len() {
        differences.push(format!("{} results", results.len()));
    }
    for (i, (result, gas)) in results.iter().zip(expected).enumerate() {
        if !result.is_success() || result.tx_gas_used() != json::number(gas) {
            differences.push(format!("transaction {i}: gas {gas}, and {result:?}"));
        }
    }
    compare_state(ours, state, &mut differences);
    (rate, differences)
}
