//! The example says what it should, by text and exit code. `cargo test` builds it beforehand.

mod common;

use std::process::Command;

/// Exit code and standard output of the example.
fn run(arguments: &[&str]) -> (i32, String) {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap();
    let program =
        folder.join("examples").join("verify").with_extension(std::env::consts::EXE_EXTENSION);
    let output = Command::new(program).args(arguments).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn verdicts_and_exit_codes() {
    let bundles = common::vectors().join("jolt");
    let path = |name: &str| bundles.join(name).to_str().unwrap().to_owned();
    let (good, hiding) = (path("muldiv-bundle.bin"), path("zk-muldiv-bundle.bin"));
    let zeros = "0".repeat(64);

    let (code, text) = run(&[&good]);
    assert_eq!(code, 0);
    assert!(text.starts_with("accepted\n") && text.ends_with("  outputs  0f\n"), "{}", text);
    let (code, text) = run(&[&hiding]);
    assert_eq!(code, 1);
    assert!(text.contains("hiding proof (proof.protocol.zk), offset 124746"), "{}", text);
    assert_eq!(run(&[&good, "--expect-program", &zeros]).0, 1);
    assert_eq!(run(&[&good, "--expect-setup", &zeros]).0, 1);
    assert_eq!(run(&[&path("README.md")]).0, 2);
    for wrong in [&[][..], &["/does/not/exist"], &[&good, "--expect-setup", "00"], &[&good, "--x"]]
    {
        assert_eq!(run(wrong).0, 3, "{:?}", wrong);
    }
}
