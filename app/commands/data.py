"""Command: data."""

import argparse
import sys

from app import settings
from app.commands.run import Commands, print_line
from app.errors import Misconfigured


def add(commands: Commands) -> None:
    data = commands.add_parser("data", help="print where this directory's data lies, or remove it")
    data.add_argument("--remove", action="store_true", help="remove it: database, photos and generated keys")
    data.add_argument(
        "--remove-abandoned", action="store_true", help="remove clusters whose data directory was deleted"
    )
    data.add_argument("--yes", action="store_true", help="do not ask")
    data.set_defaults(run=_data)


def _data(arguments: argparse.Namespace) -> int:
    from app import pg

    conf = settings.get()
    inventory = pg.take_inventory(conf.data_dir)
    for folder in inventory.folders:
        print_line(f"{folder}（{pg.size_of(folder):,} 字节）")
    if not inventory.folders:
        print_line(f"{inventory.data_dir} 还没有数据")
    for setting, kind in ((conf.database_url, "数据库"), (conf.storage_url, "照片")):
        if setting:
            print_line(f"{kind}不在这里，不会被删除")
    for home in inventory.abandoned:
        print_line(f"{home}（{pg.size_of(home):,} 字节）：所属的数据目录已经没有了")
    if arguments.remove and inventory.folders and _confirmed(arguments):
        for path in pg.remove_data(inventory):
            print_line(f"{path} 不是本程序的，没有删除")
        print_line("数据已删除")
    if arguments.remove_abandoned and inventory.abandoned and _confirmed(arguments):
        for home in inventory.abandoned:
            pg.remove_cluster(home)
        print_line(f"已删除 {len(inventory.abandoned)} 个没有数据目录的数据库")
    return 0


def _confirmed(arguments: argparse.Namespace) -> bool:
    """Ask before data is removed; without a terminal only --yes is a yes."""
    if arguments.yes:
        return True
    if not sys.stdin.isatty():
        raise Misconfigured("nothing removed: confirm with --yes")
    return input("以上数据将被删除，不能恢复。确认请输入 yes：").strip() == "yes"
