//! Values in the files: numbers are JSON's or hexadecimal with 0x.
use std::path::Path;
use std::str::FromStr;

use revm::primitives::{hex, Address, U256};
use serde_json::Value;

pub fn read(path: &Path) -> Value {
    let text = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

pub fn float(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

pub fn number(value: &Value) -> u64 {
    value
        .as_u64()
        .unwrap_or_else(|| word(value).try_into().expect("below 2^64"))
}

pub fn word(value: &Value) -> U256 {
    U256::from_str(text(value)).expect("a number in hexadecimal")
}

pub fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(text(value)).expect("bytes in hexadecimal")
}

pub fn address(text: &str) -> Address {
    Address::from_str(text).expect("an address")
}
