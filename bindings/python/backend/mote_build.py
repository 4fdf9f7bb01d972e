"""Builds the wheel and the sdist of mote-validator (PEP 517), with nothing but Python and CMake.

The wheel holds Python files and one shared library that any Python 3 can load, so its tag is
py3-none-<platform>. Nothing is written into the source tree.

Environment
    MOTE_LIBRARY          a libmote that is built already: it goes into the wheel, CMake is not run
    CMAKE_ARGS            more arguments for CMake, such as -DCMAKE_TOOLCHAIN_FILE=...
    MOTE_WHEEL_PLATFORM   platform of the tag, such as manylinux_2_17_x86_64; default: this one
and what CMake itself reads: CC, CXX, CMAKE_GENERATOR, CMAKE_BUILD_PARALLEL_LEVEL.
"""

import base64
import gzip
import hashlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
NAME = "mote_validator"
LICENSES = ("LICENSE", "LICENSE-APACHE", "LICENSE-MIT")
# What the core needs to be built: the sdist carries it in native/.
CORE = ("CMakeLists.txt", "sdk", "platforms/cmake", *LICENSES)


def _core():
    """The folder of the core: native/ in an sdist, otherwise the repository."""
    packed = HERE / "native"
    return packed if packed.is_dir() else HERE.parent.parent


def _version():
    text = (HERE / "src" / NAME / "__init__.py").read_text("utf-8")
    return re.search(r'^__version__ = "([^"]+)"$', text, re.M).group(1)


def _metadata():
    head = (HERE / "backend" / "METADATA.in").read_text("utf-8")
    readme = (HERE / "README.md").read_text("utf-8")
    return (head.replace("@VERSION@", _version()) + readme).encode("utf-8")


def _files(folder):
    """All files below a folder, sorted, without what tools leave behind."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


# ------------------------------------------------------------------ the native library


def _build_library(folder):
    """Runs CMake in `folder`; returns the shared library."""
    configure = ["cmake", "-S", str(_core()), "-B", folder]
    if "CMAKE_GENERATOR" not in os.environ and shutil.which("ninja"):
        configure += ["-G", "Ninja"]
    configure += [
        "-DCMAKE_BUILD_TYPE=Release",
        "-DBUILD_SHARED_LIBS=ON",
        "-DMOTE_INSTALL=OFF",
        "-DMOTE_WARNINGS=OFF",
        f"-DCMAKE_LIBRARY_OUTPUT_DIRECTORY={folder}/out",
        f"-DCMAKE_RUNTIME_OUTPUT_DIRECTORY={folder}/out",
    ]
    if sys.platform.startswith("linux"):
        # The core needs no C++ runtime; compilers name it all the same.
        configure += ["-DCMAKE_SHARED_LINKER_FLAGS=-Wl,--as-needed"]
    configure += shlex.split(os.environ.get("CMAKE_ARGS", ""))
    build = ["cmake", "--build", folder, "--target", "mote", "--parallel"]
    jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL")
    if jobs:
        build.append(jobs)
    elif os.cpu_count():
        build.append(str(os.cpu_count()))
    try:
        subprocess.run(configure, check=True, stdout=sys.stderr)
        subprocess.run(build, check=True, stdout=sys.stderr)
    except FileNotFoundError:
        raise SystemExit("mote-validator: cmake is not installed") from None
    built = [p for p in (Path(folder) / "out").iterdir() if p.is_file() and not p.is_symlink()]
    if len(built) != 1:
        raise SystemExit(f"mote-validator: expected one library, got {built}")
    return built[0]


def _library_name():
    if sys.platform == "win32":
        return "mote.dll"
    return "libmote.dylib" if sys.platform == "darwin" else "libmote.so"


def _library():
    """The bytes of libmote."""
    ready = os.environ.get("MOTE_LIBRARY")
    if ready:
        return Path(ready).read_bytes()
    with tempfile.TemporaryDirectory(prefix="mote-wheel-") as folder:
        return _build_library(folder).read_bytes()


def _platform():
    named = os.environ.get("MOTE_WHEEL_PLATFORM")
    return re.sub(r"[^A-Za-z0-9_]", "_", named or sysconfig.get_platform())


# ------------------------------------------------------------------ the archives


class _Wheel:
    """A zip that is the same for the same content, with its RECORD."""

    def __init__(self, path):
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self._record = []

    def add(self, name, content):
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        self._record.append(f"{name},sha256={digest},{len(content)}")
        self._write(name, content)

    def _write(self, name, content):
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.external_attr = 0o100644 << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(info, content)

    def finish(self, record):
        self._record.append(f"{record},,")
        self._write(record, ("\n".join(self._record) + "\n").encode("utf-8"))
        self._zip.close()


def _add_to_tar(tar, name, content):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.mode = 0o644
    tar.addfile(info, io.BytesIO(content))


# ------------------------------------------------------------------ PEP 517


def _requires():
    if os.environ.get("MOTE_LIBRARY") or shutil.which("cmake"):
        return []
    return ["cmake>=3.22", "ninja"]


def get_requires_for_build_wheel(config_settings=None):
    return _requires()


def get_requires_for_build_sdist(config_settings=None):
    return []


def _wheel_tag():
    return f"py3-none-{_platform()}"


def _about():
    """The files of .dist-info besides RECORD, in order."""
    for each in LICENSES:
        yield f"licenses/{each}", (_core() / each).read_bytes()
    yield "METADATA", _metadata()
    lines = ["Wheel-Version: 1.0", "Generator: mote_build", "Root-Is-Purelib: false"]
    yield "WHEEL", ("\n".join([*lines, f"Tag: {_wheel_tag()}"]) + "\n").encode("utf-8")


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    info = f"{NAME}-{_version()}.dist-info"
    for name, content in _about():
        path = Path(metadata_directory) / info / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return info


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = f"{NAME}-{_version()}-{_wheel_tag()}.whl"
    library = _library()
    wheel = _Wheel(Path(wheel_directory) / name)
    source = HERE / "src"
    for path in _files(source / NAME):
        wheel.add(path.relative_to(source).as_posix(), path.read_bytes())
    wheel.add(f"{NAME}/{_library_name()}", library)
    info = f"{NAME}-{_version()}.dist-info"
    for about, content in _about():
        wheel.add(f"{info}/{about}", content)
    wheel.finish(f"{info}/RECORD")
    return name


def build_sdist(sdist_directory, config_settings=None):
    root = f"{NAME}-{_version()}"
    own = [HERE / "pyproject.toml", HERE / "README.md"]
    for folder in ("src", "backend"):
        own += _files(HERE / folder)
    core = []
    for each in CORE:
        path = _core() / each
        core += [path] if path.is_file() else _files(path)
    name = f"{root}.tar.gz"
    with open(Path(sdist_directory) / name, "wb") as file, gzip.GzipFile(
        "", "wb", fileobj=file, mtime=0
    ) as packed, tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        _add_to_tar(tar, f"{root}/PKG-INFO", _metadata())
        for path in own:
            _add_to_tar(tar, f"{root}/{path.relative_to(HERE).as_posix()}", path.read_bytes())
        for path in core:
            inner = path.relative_to(_core()).as_posix()
            _add_to_tar(tar, f"{root}/native/{inner}", path.read_bytes())
    return name
