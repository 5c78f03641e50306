"""Template files for each kind of sheet: header, an example line, and comment lines, which an import skips."""

import csv
from pathlib import Path
from typing import Any, Final

from app.errors import Misconfigured
from app.services.imports.kinds import KINDS

EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "places": ("b944", "rhjy", "building", "944号", "29.6", "106.53", "1", "", ""),
    "grids": ("g4", "wss", "第四网格", "b944;b946", "023-00000004"),
    "organisations": ("rhwy", "人和物业", "property", "property", "rhjy"),
    "categories": (
        *("stair_light", "楼道灯不亮", "Stair light out", "E2", "property", "30", "120", "1440"),
        *("24x7", "24x7", "24x7", "true", "false", "true", "", ""),
    ),
    "calendar": ("2026-10-01", "holiday", "国庆节", "国办发明电〔2025〕7号"),
    "posts": (
        "head",
        "g4",
        "13800000000",
        "王五",
        "",
        "policy;property",
        "023-00000004",
        "工作日 9:00-18:00",
        "",
    ),
}
EXPLANATIONS: Final[dict[str, tuple[str, ...]]] = {
    "places": (
        "code：编号，全街道不重复，定了就不要改，不能有空格、逗号、分号；parent：上级的编号，只有街道留空",
        "level：street 街道、community 社区、estate 小区、building 楼栋、unit 单元、room 户室（编号写成 上级编号-门牌号，如 u944-4-301）",
        "name：名称，如 944号、4单元；lat、lng：GCJ-02 纬度和经度，都填或都不填；sort：显示顺序，可不填",
        "phone：街道或社区对外公布的值班电话，居民看得到，可不填；不要填个人手机号",
        "area：户室的建筑面积（平方米），按面积表决时要用，可不填",
    ),
    "grids": (
        "code：网格编号；community：所属社区的编号；name：名称，如 第四网格",
        "covers：网格覆盖的小区、楼栋或单元的编号，用分号隔开；一处地址只能归一个网格",
        "phone：网格对外公布的值班电话，居民看得到，可不填，没有就用社区或街道的；不要填个人手机号",
    ),
    "organisations": (
        "code：单位编号；name：名称；kind：property 物业公司、department 部门",
        "skills：能办的问题（对应类别表的 skill），places：服务的地址编号，都用分号隔开",
    ),
    "categories": (
        "code：类别编号；zh、en：中文、英文名；level：E0 最急到 E3；skill：由哪类单位办",
        "…_minutes：受理、接单、办结的时限（分钟）；clock_…：24x7 全天计时、working 只计工作时间",
        "photo_on_resolve 办结要照片、verify_claim 单位办结后由网格核实、public 居民可选：填 是/否 或 true/false",
        "emergency_phone：先打的急救电话；source：时限的依据；这两列可不填",
    ),
    "calendar": (
        "date：日期，如 2026-10-01；kind：holiday 放假、workday 调休上班；name：节日；source：通知文号",
        "只填与平常周一到周五上班不同的日子",
    ),
    "posts": (
        "role：head 网格长、deputy 副网格长、duty 值班员、member 网格员、community 社区、street 街道、auditor 监督员、",
        "admin 管理员、agent 单位经办人、steward 楼长；unit：网格、社区、街道或单位的编号，楼长填小区、楼栋或单元的编号",
        "phone：本人手机号；name：姓名，可不填，不会保存；title：设置里的岗位名称，如 先锋管家，可不填",
        "skills：policy 政策宣传、service 便民服务、self_government 社区自治、property 物业服务、safety 综治安全、culture 文体服务，用分号隔开",
        "public_phone：岗位对外公布的座机，居民看得到，不能填手机号；hours：什么时候打，最多 40 个字；这几列都可不填，空格不改原来的",
        "post：岗位的编号，只在导出的岗位表里有；有它就不用写 phone，这一行只改已有岗位的名称、技能、公开电话和时间",
        "导入后逐行给出邀请码，由本人用这个手机号接受；已在微信验证过这个手机号的人直接上岗；再次导入不会重复",
    ),
}
_COMMON: Final = (
    "填好后删掉示例行再导入；以 # 开头、只有一格的行是说明，不会导入；可先用 import --dry-run 检查，不会写入"
)
assert EXAMPLES.keys() == EXPLANATIONS.keys() == KINDS.keys()


def rows(kind: str) -> list[tuple[str, ...]]:
    """Return the lines of a template."""
    columns = (*KINDS[kind].required, *KINDS[kind].optional)
    return [columns, EXAMPLES[kind], *((f"# {comment}",) for comment in (*EXPLANATIONS[kind], _COMMON))]


def write_template(kind: str, path: Path) -> None:
    """Write a template as CSV or XLSX, by the file's extension. Raises Misconfigured, also if the file exists."""
    if path.exists():
        raise Misconfigured(f"{path} is there already")
    try:
        _WRITERS[path.suffix.lower()](kind, path)
    except KeyError:
        raise Misconfigured(f"a template is one of {', '.join(_WRITERS)}, not {path.name}") from None
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written: {error.strerror}") from error


def _csv(kind: str, path: Path) -> None:
    with path.open(
        "x", encoding="utf-8-sig", newline=""
    ) as file:  # the byte order mark tells Excel that it is UTF-8
        csv.writer(file).writerows(rows(kind))


def _xlsx(kind: str, path: Path) -> None:
    import openpyxl  # noqa: PLC0415 - slow to import: see services/figures/files.py
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title, sheet.freeze_panes = KINDS[kind].zh, "A2"
    for line in rows(kind):
        sheet.append(line)
    for n in range(1, sheet.max_column + 1):
        sheet.cell(1, n).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(n)].width = 18
        for row_number in range(1, 2001):  # as text, or Excel reads 3-1 as a date
            sheet.cell(row_number, n).number_format = "@"
    book.save(path)


_WRITERS: Final = {".csv": _csv, ".xlsx": _xlsx}
