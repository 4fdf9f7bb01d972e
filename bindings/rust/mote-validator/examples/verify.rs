//! verify BUNDLE [--expect-program HEX] [--expect-setup HEX]: decides whether a proof is good.
//!
//! Exit code: 0 accepted, 1 rejected, 2 malformed, 3 it could not be found out.

use std::env;
use std::process::ExitCode;

use mote_validator::{verify_bundle, Bundle, Digest, Error, Expect, Verdict};

const USAGE: &str = "usage: verify BUNDLE [--expect-program HEX] [--expect-setup HEX]\n\
                     A digest is 64 hex digits.";

fn digest(text: &str) -> Option<Digest> {
    let digits: Vec<u8> =
        text.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks(2).map(|pair| pair[0] << 4 | pair[pair.len() - 1]).collect();
    if digits.len() == 64 {
        bytes.try_into().ok()
    } else {
        None
    }
}

fn arguments() -> Option<(String, Expect)> {
    let mut path = None;
    let mut expect = Expect::default();
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--expect-program" => expect.program = Some(digest(&arguments.next()?)?),
            "--expect-setup" => expect.setup = Some(digest(&arguments.next()?)?),
            _ if path.is_none() && !argument.starts_with("--") => path = Some(argument),
            _ => return None,
        }
    }
    Some((path?, expect))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{:02x}", byte)).collect()
}

fn accepted(bytes: &[u8]) -> Result<(), Error> {
    let bundle = Bundle::open(bytes)?;
    println!("accepted");
    println!("  program  {}", hex(&bundle.key_digest));
    println!("  setup    {}", hex(&bundle.setup_digest));
    println!("  inputs   {}", hex(bundle.io.inputs));
    println!("  outputs  {}", hex(bundle.io.outputs));
    Ok(())
}

fn main() -> ExitCode {
    let (path, expect) = match arguments() {
        Some(arguments) => arguments,
        None => {
            eprintln!("{}", USAGE);
            return ExitCode::from(3);
        }
    };
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("cannot read {}: {}", path, error);
            return ExitCode::from(3);
        }
    };
    let result = verify_bundle(&bytes, &expect).and_then(Verdict::require_accepted);
    match result.and_then(|()| accepted(&bytes)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Error::Rejected(verdict)) => {
            println!("rejected\n  {}", verdict);
            ExitCode::from(1)
        }
        Err(Error::Malformed(verdict)) => {
            println!("malformed\n  {}", verdict);
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("{}: {}", path, error);
            ExitCode::from(3)
        }
    }
}
