import subprocess
import sys

import animator


def test_every_public_name_is_there_and_sorted():
    assert animator.__all__ == sorted(animator.__all__)
    for name in animator.__all__:
        value = getattr(animator, name)
        assert getattr(value, "__name__", name) == name


def test_importing_animator_pulls_in_nothing_heavy():
    code = "import sys, animator; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"torch", "gradio", "numba", "librosa", "pyrender", "scipy", "PIL", "soundfile"} & set(loaded)


def test_the_help_of_the_command_line_pulls_in_nothing_heavy():
    code = (
        "import sys\nsys.argv = ['animator', 'render', '--help']\n"
        "from animator.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('LOADED', ' '.join(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = out.split("LOADED")[1].split()
    assert not {"torch", "gradio", "numba", "librosa", "pyrender", "scipy.signal"} & set(loaded)
