//! Finds the native library, or builds it.
//!
//! `MOTE_LIB_DIR` names a folder with `libmote.a` (linked statically) or else a shared libmote,
//! which the program must then find when it runs. Without it CMake builds the core of this
//! repository and it is linked statically; `CMAKE_ARGS` adds arguments, and CC, CXX,
//! CMAKE_GENERATOR and CMAKE_TOOLCHAIN_FILE mean what they mean to CMake.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    for variable in
        ["MOTE_LIB_DIR", "CMAKE_ARGS", "CMAKE_GENERATOR", "CMAKE_TOOLCHAIN_FILE", "CC", "CXX"]
    {
        println!("cargo:rerun-if-env-changed={}", variable);
    }
    println!("cargo:rerun-if-changed=build.rs");
    match env::var_os("MOTE_LIB_DIR") {
        Some(folder) => link_ready(Path::new(&folder)),
        None => link_built(&core_folder()),
    }
}

fn link_ready(folder: &Path) {
    let folder = folder
        .canonicalize()
        .unwrap_or_else(|error| panic!("MOTE_LIB_DIR={}: {}", folder.display(), error));
    println!("cargo:rustc-link-search=native={}", folder.display());
    let archive = folder.join("libmote.a");
    if archive.is_file() {
        println!("cargo:rerun-if-changed={}", archive.display());
        println!("cargo:rustc-link-lib=static=mote");
    } else {
        println!("cargo:rustc-link-lib=dylib=mote");
    }
}

fn core_folder() -> PathBuf {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let core = manifest.join("../../..");
    if !core.join("sdk/include/mote/mote.h").is_file() {
        panic!("the sources of Mote are not around this crate; set MOTE_LIB_DIR to the library");
    }
    core
}

fn link_built(core: &Path) {
    for part in ["sdk", "platforms/cmake", "CMakeLists.txt"] {
        println!("cargo:rerun-if-changed={}", core.join(part).display());
    }
    if env::var_os("TARGET") != env::var_os("HOST") && env::var_os("CMAKE_TOOLCHAIN_FILE").is_none()
    {
        panic!("to build for another machine, set CMAKE_TOOLCHAIN_FILE or MOTE_LIB_DIR");
    }
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("mote");
    let archive_folder = folder.join("out");

    let mut configure = Command::new("cmake");
    configure.arg("-S").arg(core).arg("-B").arg(&folder);
    if env::var_os("CMAKE_GENERATOR").is_none() && runs("ninja") {
        configure.args(["-G", "Ninja"]);
    }
    configure
        .arg("-DCMAKE_BUILD_TYPE=Release")
        .arg("-DBUILD_SHARED_LIBS=OFF")
        .arg("-DMOTE_INSTALL=OFF")
        .arg("-DMOTE_WARNINGS=OFF")
        .arg(format!("-DCMAKE_ARCHIVE_OUTPUT_DIRECTORY={}", archive_folder.display()));
    if let Ok(more) = env::var("CMAKE_ARGS") {
        configure.args(more.split_whitespace());
    }
    run(&mut configure);

    let jobs = env::var("NUM_JOBS").unwrap_or_else(|_| "1".to_owned());
    let mut build = Command::new("cmake");
    build.arg("--build").arg(&folder).args(["--target", "mote", "--parallel", &jobs]);
    run(&mut build);

    println!("cargo:rustc-link-search=native={}", archive_folder.display());
    println!("cargo:rustc-link-lib=static=mote");
}

fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").output().map_or(false, |o| o.status.success())
}

fn run(command: &mut Command) {
    match command.status() {
        Ok(status) if status.success() => {}
        Ok(status) => panic!("{:?}: {}", command, status),
        Err(error) => panic!("{:?}: {} (is cmake installed?)", command, error),
    }
}
