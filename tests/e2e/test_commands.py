"""The commands an office types: a file loaded or refused line by line, a template filled in, somebody invited."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from tests.e2e.program import ROOT, Serving, command
from tests.wechat_standin import Wechat

GRIDS = "code,community,name,covers\n"
CATEGORIES = ROOT / "app/categories.csv"


async def test_a_key_for_a_companys_system_is_shown_once_and_works(home: Path, serving: Serving) -> None:
    program = await serving()
    words = ("key", "--organisation", "安居物业", "--name", "报修系统", "--scope", "tickets:read")
    made = await asyncio.to_thread(command, home, *words, "--days", "30")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith("安居物业 的密钥“报修系统”（")
    key = made.stdout.strip().rpartition("：")[2]
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=f"{program.url}/api/v1", headers=headers) as http:
        assert (await http.get("/tickets")).status_code == 200
        assert (await http.get("/webhooks")).status_code == 403


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--organisation", "没有的", "--name", "系统", "--scope", "tickets:read"), "没有找到“没有的”"),
        (("--organisation", "人和物业", "--name", " ", "--scope", "tickets:read"), "请填写文字"),
        (
            ("--organisation", "人和物业", "--name", "系统", "--scope", "tickets:read", "--days", "999"),
            "--days 要在 1 到 365 之间",
        ),
        (("--organisation", "人和物业", "--name", "系统", "--scope", "everything"), "invalid choice"),
    ],
)
async def test_a_key_that_makes_no_sense_is_refused_in_one_line(
    home: Path, serving: Serving, words: tuple[str, ...], said: str
) -> None:
    await serving()
    refused = await asyncio.to_thread(command, home, "key", *words)
    assert refused.returncode == 2
    assert said in refused.stderr.splitlines()[-1]


def test_the_help_of_a_key_shows_examples(tmp_path: Path) -> None:
    shown = command(tmp_path, "key", "--help").stdout
    assert "python -m app key --organisation 人和物业 --name 报修系统 --scope tickets:read" in shown


async def test_serving_says_which_shipped_data_are_not_in_force_and_the_command_takes_them_over(
    home: Path, serving: Serving, tmp_path: Path
) -> None:
    await serving()
    file = tmp_path / "categories.csv"
    lines = CATEGORIES.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(line.replace(",1440,", ",1441,") for line in lines), "utf-8")
    assert (await asyncio.to_thread(command, home, "import", str(file))).returncode == 0
    log = home.parent / "serve.log"
    before = len(log.read_text("utf-8"))
    await serving(workers=2)
    said = log.read_text("utf-8")[before:]
    assert "程序自带的数据和正在使用的不同，没有改动：categories：改动" in said
    taken = said.partition("python -m app ")[2].partition("（")[0].split()
    assert (await asyncio.to_thread(command, home, *taken)).returncode == 0
    before = len(log.read_text("utf-8"))
    await serving()
    assert "程序自带" not in log.read_text("utf-8")[before:]


async def test_an_import_names_the_bad_line_and_loads_nothing_then_loads_all(
    home: Path, serving: Serving, tmp_path: Path
) -> None:
    await serving()
    file = tmp_path / "grids.csv"
    file.write_text(GRIDS + "wss-g7,wss,第七网格,\nwss-g8,nowhere,第八网格,\n", "utf-8")
    refused = await asyncio.to_thread(command, home, "import", str(file))
    assert refused.returncode == 1
    assert "grids.csv 第 3 行" in refused.stdout
    assert "什么都没有导入" in refused.stdout
    missing = await asyncio.to_thread(command, home, "invite", "--role", "head", "--place", "wss-g7")
    assert missing.returncode == 2
    file.write_text(GRIDS + "wss-g7,wss,第七网格,\n", "utf-8")
    loaded = await asyncio.to_thread(command, home, "import", str(file))
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert loaded.stdout.startswith("已导入")
    invited = await asyncio.to_thread(command, home, "invite", "--role", "head", "--place", "wss-g7")
    assert invited.returncode == 0
    assert "第七网格 网格长" in invited.stdout


async def test_somebody_is_invited_only_to_where_the_role_is_held(home: Path, serving: Serving) -> None:
    await serving()
    refused = await asyncio.to_thread(command, home, "invite", "--role", "head", "--place", "人和街道")
    assert refused.returncode == 2
    assert refused.stderr == "loudeng: 网格长要设在网格，“人和街道”不是\n"


async def test_wechat_check_says_line_by_line_what_is_missing(home: Path, wechat: Wechat) -> None:
    wechat.released = {"pages/home/index", "pages/ticket/index"}
    wechat.has_template("t1", "维修地点 thing1")
    template = {"id": "t1", "page": "pages/ticket/index?id={id}", "fields": {"thing1": "{place}"}}
    settings = {
        "wechat_appid": "wx-test",
        "wechat_secret": "wx-test-secret",
        "wechat_api_base": wechat.base,
        "wechat_templates": json.dumps({"ticket.resolved": template}),
        "wechat_push_token": "pushtoken",
        "wechat_push_aes_key": "a" * 43,
    }
    lacking = await asyncio.to_thread(command, home, "wechat-check", **settings)
    assert (lacking.returncode, lacking.stderr) == (1, "")
    assert "【缺】服务器地址：没有设置 LOUDENG_PUBLIC_URL" in lacking.stdout
    assert lacking.stdout.splitlines()[-1].startswith("缺 1 项。")
    settings["public_url"] = "https://lou.example.cn"
    complete = await asyncio.to_thread(command, home, "wechat-check", **settings)
    assert (complete.returncode, complete.stderr) == (0, "")
    assert complete.stdout.splitlines()[-1].startswith("能查的都好。")
