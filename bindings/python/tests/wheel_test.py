"""The wheel builds, installs into a fresh environment without network, and works from there.

    wheel_test.py FOLDER [--from-source]

FOLDER is for what is built. MOTE_LIBRARY goes into the wheel; with --from-source it is built by
CMake out of an sdist instead, as a user without our build folder would.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import venv
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = HERE.parent


def run(*command, cwd, **changes):
    environment = {
        **os.environ,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INDEX": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for name, value in changes.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    print("+", *command, flush=True)
    subprocess.run([str(part) for part in command], cwd=cwd, env=environment, check=True)


def tree(folder):
    return sorted(str(p) for p in folder.rglob("*") if "__pycache__" not in p.parts)


def build_sdist(folder):
    """Calls the build backend, since pip has no command for it."""
    sys.path.insert(0, str(PACKAGE / "backend"))
    import mote_build

    sdist = folder / mote_build.build_sdist(str(folder))
    first = sdist.read_bytes()
    mote_build.build_sdist(str(folder))
    assert sdist.read_bytes() == first, "an sdist must not depend on the time"
    return sdist


def check_wheel(wheel, version):
    tag = f"mote_validator-{version}-py3-none-"
    assert wheel.name.startswith(tag), wheel
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("mote_validator/py.typed", "mote_validator/__main__.py"):
        assert needed in names, needed
    assert any(n.startswith("mote_validator/") and "mote." in n for n in names), names
    assert f"mote_validator-{version}.dist-info/licenses/LICENSE-MIT" in names, names
    assert not any("__pycache__" in n for n in names), names


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    from_source = "--from-source" in sys.argv
    version = os.environ["MOTE_VERSION"]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    before = tree(PACKAGE)

    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    source = build_sdist(folder) if from_source else PACKAGE
    changes = {"MOTE_LIBRARY": None} if from_source else {}
    run(python, "-m", "pip", "wheel", "--no-deps", "-w", folder, source, cwd=folder,
        PYTHONPATH=None, **changes)
    assert tree(PACKAGE) == before, "the build wrote into the source tree"

    wheels = list(folder.glob("*.whl"))
    assert len(wheels) == 1, wheels
    check_wheel(wheels[0], version)
    run(python, "-m", "pip", "install", "--no-deps", wheels[0], cwd=folder, PYTHONPATH=None)
    run(python, "-m", "pip", "check", cwd=folder, PYTHONPATH=None)
    for test in ("cases", "api", "threads", "command", "readme"):
        run(python, "-B", HERE / f"{test}_test.py", cwd=folder, PYTHONPATH=None, MOTE_LIBRARY=None)
    where = f"""
import mote_validator, pathlib
assert mote_validator.__version__ == "{version}", mote_validator.__version__
assert pathlib.Path({str(folder)!r}) in pathlib.Path(mote_validator.__file__).parents
"""
    run(python, "-B", "-c", where, cwd=folder, PYTHONPATH=None, MOTE_LIBRARY=None)
    run(python, "-m", "pip", "uninstall", "-y", "mote-validator", cwd=folder, PYTHONPATH=None)


if __name__ == "__main__":
    main()
