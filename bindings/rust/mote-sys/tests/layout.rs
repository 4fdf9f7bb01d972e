//! Structs, constants and functions equal those of the headers. Needs a C compiler: CC, or cc.

use std::env;
use std::fs;
use std::mem::{size_of, MaybeUninit};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::ptr::addr_of;

use mote_sys::*;

/// A C expression and the number it must have.
type Expectation = (String, u64);

fn size_behind<T>(_: *const T) -> u64 {
    size_of::<T>() as u64
}

macro_rules! structs {
    ($($name:ident { $($field:ident)* })*) => {
        fn expected_structs() -> Vec<Expectation> {
            let mut all = Vec::new();
            $(
                all.push((format!("sizeof({})", stringify!($name)), size_of::<$name>() as u64));
                let place = MaybeUninit::<$name>::uninit();
                let start = place.as_ptr();
                $(
                    // SAFETY: only addresses are taken.
                    let field = unsafe { addr_of!((*start).$field) };
                    let names = (stringify!($name), stringify!($field));
                    all.push((
                        format!("offsetof({}, {})", names.0, names.1),
                        field as u64 - start as u64,
                    ));
                    all.push((
                        format!("sizeof((({}*)0)->{})", names.0, names.1),
                        size_behind(field),
                    ));
                )*
            )*
            all
        }
        const STRUCTS: &[&str] = &[$(stringify!($name)),*];
        const FIELDS: &[usize] = &[$([$(stringify!($field)),*].len()),*];
    };
}

structs! {
    mote_verdict { struct_size accepted stage reason field index offset }
    mote_memory_layout {
        program_size max_trusted_advice_size trusted_advice_start trusted_advice_end
        max_untrusted_advice_size untrusted_advice_start untrusted_advice_end max_input_size
        max_output_size input_start input_end output_start output_end stack_size stack_end
        heap_size heap_end panic termination io_end
    }
    mote_jolt_key_info {
        struct_size committed digest max_trace_length bytecode_length image_words entry_address
        memory_layout
    }
    mote_public_io {
        struct_size panic inputs inputs_bytes outputs outputs_bytes memory_layout
    }
    mote_observer { struct_size context on_stage on_transcript }
    mote_span { data bytes }
    mote_jolt_bundle {
        struct_size panic key setup proof trusted_advice inputs outputs memory_layout key_digest
        setup_digest
    }
    mote_jolt_proof_info {
        struct_size address_major trace_length ram_words log_k_chunk log_k_virtual ram_phase1
        ram_phase2 registers_phase1 registers_phase2 instruction_commitments ram_commitments
        bytecode_commitments untrusted_advice sumcheck_rounds opening_bytes
    }
    mote_state_verdict { struct_size accepted fault operation offset }
    mote_state_operation { key value erase }
    mote_svid_verdict { struct_size outcome step fault row }
    mote_svid_validators { struct_size count stakes public_keys public_keys_bytes seed }
    mote_svid_params {
        struct_size row_bytes block_bytes data_rows code_rows rows z_bytes
    }
    mote_svid_range { struct_size first count }
    mote_svid_header_info {
        struct_size zone height epoch block_bytes data_rows rows row_bytes chain_id data_root
        parity_root z_digest svid_root announce_digest
    }
    mote_svid_expected { struct_size zone height epoch block_bytes_max chain_id svid_root }
    mote_svid_request { struct_size validator rows row_count }
    mote_svid_rows { first count rows data_path parity_path }
    mote_svid_finding { struct_size finding fault svid_root announce_digest }
    mote_svid_row { number data }
}

macro_rules! constants {
    ($($name:ident)*) => {
        fn expected_constants() -> Vec<Expectation> {
            vec![$((stringify!($name).to_owned(), u64::from($name))),*]
        }
        const CONSTANTS: &[&str] = &[$(stringify!($name)),*];
    };
}

constants! {
    MOTE_ABI_VERSION
    MOTE_OK MOTE_MALFORMED MOTE_INVALID_ARGUMENT MOTE_MEMORY_TOO_SMALL MOTE_LIMIT_EXCEEDED
    MOTE_UNSUPPORTED
    MOTE_GT_BYTES
    MOTE_STATE_ROOT_BYTES MOTE_STATE_KEY_BYTES_MAX MOTE_STATE_VALUE_BYTES_MAX
    MOTE_STATE_PROOF_BYTES_MAX MOTE_STATE_OPERATIONS_MAX MOTE_STATE_NO_HEIGHT
    MOTE_STATE_F_TRUNCATED MOTE_STATE_F_TRAILING MOTE_STATE_F_MAGIC MOTE_STATE_F_SHARD_MASK
    MOTE_STATE_F_NEXT_SN MOTE_STATE_F_ENTRY_COUNT MOTE_STATE_F_CHUNK_COUNT MOTE_STATE_F_ENTRY
    MOTE_STATE_F_ENTRY_ORDER MOTE_STATE_F_ENTRY_PADDING MOTE_STATE_F_CHUNK_ORDER
    MOTE_STATE_F_BATCH_KEY MOTE_STATE_F_BATCH_VALUE MOTE_STATE_F_BATCH_COLLISION MOTE_STATE_F_ROOT
    MOTE_STATE_F_MISSING MOTE_STATE_F_SN_SPACE
    MOTE_STATE_UNPROVEN MOTE_STATE_PRESENT MOTE_STATE_ABSENT
    MOTE_SVID_HEADER_BYTES MOTE_SVID_PUBLIC_KEY_BYTES MOTE_SVID_ENTROPY_BYTES
    MOTE_SVID_BLOCK_BYTES_MAX MOTE_SVID_SAMPLES_DEFAULT
    MOTE_SVID_INCOMPLETE MOTE_SVID_REJECTED MOTE_SVID_PROVISIONAL
    MOTE_SVID_E_HEADER MOTE_SVID_E_PARAMS MOTE_SVID_E_COMMIT MOTE_SVID_E_Z MOTE_SVID_E_ROW_SHAPE
    MOTE_SVID_E_PATH MOTE_SVID_E_FINGERPRINT
    MOTE_SVID_NO_VALIDATOR
    MOTE_SVID_NOT_SHOWN MOTE_SVID_ROW_IS_CORRECT MOTE_SVID_CONVICTS
    MOTE_SVID_REBUILT MOTE_SVID_INSUFFICIENT MOTE_SVID_MISMATCH
}

/// The headers, and what declares them here.
const HEADERS: [(&str, &str); 3] = [
    ("mote/mote.h", include_str!("../src/lib.rs")),
    ("mote/mote_state.h", include_str!("../src/state.rs")),
    ("mote/mote_svid.h", include_str!("../src/svid.rs")),
];

fn include_folder() -> PathBuf {
    env::var_os("MOTE_INCLUDE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../sdk/include"),
        PathBuf::from,
    )
}

/// A header without its comments.
fn header(name: &str) -> String {
    let text = fs::read_to_string(include_folder().join(name)).expect(name);
    let mut parts = text.split("/*");
    let mut code = parts.next().unwrap().to_owned();
    for part in parts {
        code.push_str(part.split_once("*/").expect("the comment ends").1);
    }
    code
}

/// The numbers that the C compiler sees.
fn compiled(expressions: &[Expectation]) -> Vec<u64> {
    let mut program = "#include <stdio.h>\n".to_owned();
    for (name, _) in HEADERS {
        program += &format!("#include <{}>\n", name);
    }
    program += "int main(void) {\n";
    for (expression, _) in expressions {
        program += &format!("printf(\"%llu\\n\", (unsigned long long)({}));\n", expression);
    }
    program += "return 0; }\n";
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (source, binary) = (folder.join("layout.c"), folder.join("layout"));
    fs::write(&source, program).unwrap();
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let status = Command::new(&compiler)
        .arg("-I")
        .arg(include_folder())
        .arg(&source)
        .arg("-o")
        .arg(&binary)
        .status()
        .unwrap_or_else(|error| panic!("{}: {}", compiler, error));
    assert!(status.success());
    let output = Command::new(&binary).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.parse().unwrap()).collect()
}

#[test]
fn structs_and_constants() {
    let mut expected = expected_structs();
    expected.extend(expected_constants());
    let found = compiled(&expected);
    assert_eq!(found.len(), expected.len());
    for ((expression, value), found) in expected.iter().zip(found) {
        assert_eq!(*value, found, "{}", expression);
    }
}

/// Fields of a struct of the header: what ends in a comma or semicolon.
fn field_count(body: &str) -> usize {
    let mut depth = 0;
    body.chars()
        .filter(|&c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0 && (c == ',' || c == ';')
        })
        .count()
}

#[test]
fn no_struct_and_no_field_is_forgotten() {
    let all: String = HEADERS.iter().map(|(name, _)| header(name)).collect();
    let mut found = 0;
    for part in all.split("typedef struct ").skip(1) {
        let name = part.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
        let body = match part.split_once(';').unwrap().0.split_once('{') {
            Some(_) => part.split_once('{').unwrap().1.split_once('}').unwrap().0,
            None => continue, // declared only
        };
        let index = STRUCTS.iter().position(|&s| s == name);
        let index = index.unwrap_or_else(|| panic!("{} is not declared here", name));
        assert_eq!(field_count(body), FIELDS[index], "fields of {}", name);
        found += 1;
    }
    assert_eq!(found, STRUCTS.len());
}

#[test]
fn no_constant_of_svid_and_state_is_forgotten() {
    for (name, prefix) in [("mote/mote_svid.h", "MOTE_SVID_"), ("mote/mote_state.h", "MOTE_STATE_")]
    {
        let mut found = 0;
        for part in header(name).split("\n#define ").skip(1) {
            let mut words = part.split_whitespace();
            let name = words.next().unwrap();
            if words.next().map_or(false, |value| value.ends_with('u')) {
                assert!(CONSTANTS.contains(&name), "{} is not declared here", name);
                found += 1;
            }
        }
        assert_eq!(found, CONSTANTS.iter().filter(|c| c.starts_with(prefix)).count());
    }
}

#[test]
fn every_function_is_declared() {
    for (name, ours) in HEADERS {
        let mut found = 0;
        for part in header(name).split("\nMOTE_API ").skip(1) {
            let (before, after) = part.split_once('(').unwrap();
            let name = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
            let arguments = match after.split_once(");").unwrap().0 {
                "void" => 0,
                list => list.matches(',').count() + 1,
            };
            let declared = ours.split_once(&format!("pub fn {}(", name));
            let declared = declared.unwrap_or_else(|| panic!("{} is not declared here", name)).1;
            let list = declared.split_once(')').unwrap().0;
            assert_eq!(list.matches(": ").count(), arguments, "arguments of {}", name);
            found += 1;
        }
        assert_eq!(found, ours.matches("pub fn mote_").count());
    }
}

#[test]
fn the_library_has_this_version() {
    // SAFETY: takes nothing and always returns.
    assert_eq!(unsafe { mote_abi_version() }, MOTE_ABI_VERSION);
}
