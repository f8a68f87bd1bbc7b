"""Ten minutes of a fuzzer that looks at which lines it reaches; properties on texts drawn blindly stand beside it."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.language.measure import rows

ROOT = Path(__file__).parents[2]
SECONDS = int(os.environ.get("KETNAP_FUZZ_SECONDS", "600"))


@pytest.mark.campaign
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris has no wheel for this Python: uv sync --group fuzz")
def test_no_text_that_the_fuzzer_finds_makes_the_reader_raise(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, row in enumerate(rows("development")):
        (corpus / str(number)).write_text(row.text, encoding="utf-8")
    words = [str(corpus), f"-max_total_time={SECONDS}", "-max_len=4096", f"-artifact_prefix={tmp_path}/"]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.language.fuzz", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    done = re.search(r"Done (\d+) runs in (\d+) second", ran.stderr)

    assert ran.returncode == 0, ran.stderr[-4000:]
    assert done is not None
    print(f"fuzzing: {done[1]} texts in {done[2]} s, none raised")
