"""Command: wechat-check."""

import argparse
from typing import Final

from app import log
from app.commands.run import Commands, print_line, with_database

_WECHAT_EPILOG: Final = """examples:
  python -m app wechat-check                                     with the settings of .env
  sudo -u loudeng sh -c 'cd /srv/loudeng && .venv/bin/python -m app wechat-check'
  python -m app wechat-check > wechat.txt || cat wechat.txt      for a timer

每行前面的意思：
  【好】      没有问题
  【缺】      要补，行里写着怎么补
  【没查到】  微信没有回应或暂时不行，过几分钟再查
  【请核对】  微信不告诉程序，请人登录微信后台看

exit status: 0 nothing is missing, 1 something is missing or could not be asked, 2 the settings cannot be read
docs/wechat.zh-CN.md（中文）和 docs/wechat.md 从注册小程序讲起。
"""


def add(commands: Commands) -> None:
    commands.add_parser(
        "wechat-check",
        help="ask WeChat what is configured and say what is missing; exit 1 if anything is",
        description="问微信：这里的设置对不对，还缺什么，怎么补。什么也不改，可以反复运行。",
        epilog=_WECHAT_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).set_defaults(run=_wechat_check)


def _wechat_check(_: argparse.Namespace) -> int:
    async def check() -> int:
        from app.services import wechat, wechat_check

        try:
            findings = await wechat_check.check_all()
        finally:
            await wechat.close()
        for finding in findings:
            print_line(str(finding))
        print_line(wechat_check.summary(findings))
        bad = {wechat_check.State.MISSING, wechat_check.State.UNKNOWN}
        return int(any(finding.state in bad for finding in findings))

    log.configure("CRITICAL")  # the lines say it
    return with_database(check)
