"""What is not chosen is not imported: a service with one kind of mailbox pays for no other."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = (
    "exchangelib",
    "lxml",
    "httpx",
    "msal",
    "imap_tools",
    "openpyxl",
    "docx",
    "matplotlib",
    "typst",
    "python_calamine",
    "starlette",
    "uvicorn",
)
MAILBOX = {
    "maildir": {"PATH": "/tmp"},
    "imap": {"HOST": "127.0.0.1", "USER": "ivo", "PASSWORD": "x", "TLS": "none", "SMTP_TLS": "none"},
    "ews": {"URL": "http://127.0.0.1:1/ews", "USER": "ivo", "PASSWORD": "x"},
    "graph": {"TENANT": "t", "CLIENT_ID": "c", "CLIENT_SECRET": "x", "GRAPH_URL": "http://127.0.0.1:1", "AUTHORITY": "http://127.0.0.1:1"},
}
OWN = {"maildir": set(), "imap": {"imap_tools"}, "ews": {"exchangelib", "lxml"}, "graph": {"httpx", "msal"}}


@pytest.mark.parametrize("kind", MAILBOX)
def test_only_the_chosen_kind(kind: str, tmp_path: Path) -> None:
    code = (
        "import sys, json, os; from bot.cli import build, run; import bot.jobs.tick, bot.service; from bot.config import load\n"
        f"config = load(None, os.environ); build.office(config); print(json.dumps([m for m in {HEAVY} if m in sys.modules]))"
    )
    values = {f"IVOBOT_MAILBOX__{key}": value for key, value in (MAILBOX[kind] | {"KIND": kind}).items()}
    environ = {"PATH": "", "PYTHONPATH": str(ROOT), "IVOBOT_BOT__DATA_DIR": str(tmp_path), **values}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert set(json.loads(done.stdout)) <= OWN[kind]
