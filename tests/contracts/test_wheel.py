"""The package as a user gets it: built, installed away from the checkout, and put to work there."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*words, cwd):
    done = subprocess.run([str(w) for w in words], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"  # a copy, so that building leaves nothing in the checkout
    source.mkdir()
    for name in ("animator", "app", "rigs", "assets"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, source, cwd=folder)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_module_and_every_datum(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    modules = {str(p.relative_to(ROOT)) for p in (ROOT / "animator").rglob("*.py")}
    data = {f"animator/{p.relative_to(ROOT)}" for f in ("app", "rigs", "assets") for p in (ROOT / f).iterdir() if p.is_file()}
    assert not (modules | data) - inside


def test_an_installed_wheel_renders_the_shipped_sample_outside_the_checkout(wheel, tmp_path):
    home = tmp_path / "elsewhere"
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=tmp_path)
    python = home / "bin" / "python"
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip())
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", packages, wheel, cwd=tmp_path)
    # Dependencies come from the environment the tests run in; its own editable animator is no path entry, so it is not seen.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + os.linesep)
    found = run(python, "-c", "import animator, sys; print(animator.__file__)", cwd=tmp_path).strip()
    assert Path(found).is_relative_to(home)
    sample = run(python, "-c", "import animator.assets; print(*animator.assets.__path__)", cwd=tmp_path).strip()
    speech = Path(sample) / "librivox_young_man.wav"
    run(python, "-m", "animator", "render", speech, "-o", "clip.mp4", "--size", "64x64", "--fps", "10", cwd=tmp_path)
    assert (tmp_path / "clip.mp4").stat().st_size > 1000
