"""What the server says in other languages than Chinese: every sentence residents meet, and files that offices correct."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import labels, problems, process_state, settings, text, words
from app.enums import Role
from app.errors import Misconfigured, Refusal
from app.rules import phones, points, wechat_errors
from app.rules.lives import LIVES
from app.rules.wechat_errors import Use
from app.services.notices import preferences, sentences

APP = Path(words.SHIPPED).parent
CHINESE = re.compile(r"[\u3400-\u9fff]")
HEADER = "part,zh,text\n"

# The modules whose refusals residents meet, and of these the sentences that only staff or companies do.
RESIDENTS_MEET = (
    *(
        "models/fields.py",
        "models/ticket.py",
        "models/act.py",
        "models/person.py",
        "models/notice.py",
        "text.py",
    ),
    *(
        "services/auth/actors.py",
        "services/auth/sessions.py",
        "services/auth/tokens.py",
        "services/pagination.py",
    ),
    *("services/people/profile.py", "services/people/phone.py", "services/people/scan_login.py"),
    *("services/photos/photos.py", "services/photos/decoder.py", "services/privacy/erasing/statement.py"),
    "services/privacy/looks.py",
    *("rules/surveys.py", "rules/ballots.py", "rules/votes.py", "rules/reservations.py"),
    "services/certificates/certificates.py",
    *("services/subjects/responses.py", "services/subjects/survey_results.py"),
    *("services/subjects/new/rate.py", "services/subjects/new/reservations.py"),
    "services/subjects/stocks.py",
    *("services/tickets/submission.py", "services/tickets/following.py", "services/tickets/actions.py"),
    *(
        "services/tickets/lists/search.py",
        "services/subscriptions/acceptance.py",
        "services/wechat/client.py",
    ),
    *("rules/lifecycle.py", "services/posts/invitations.py"),
)
STAFF_MEET = {
    "已经到街道一级，不能再往上报",
    "已经在网格一级，不能再往下退",
    "已经在社区待分派",
    "已经延期过一次，不能再延",
    "已经挂起过一次，再次挂起请上级决定",
    "已经接单了",
    "已经退回过一次，不能再退",
    "工单现在没有派给您接单",
    "没有可以退回的下级单位",
    "没有报告人可以询问",
    "没有等待报到的部门",
    "{}要设在{}，“{}”不是",
    "叫“{}”的不止一处，请用编号：{}",
    "没有“{}”这个角色，可用的有：{}",
    "没有找到“{}”",
    "请用 --organisation 说明在哪里",
    "请用 --place 说明在哪里",
    "还有部门没有报到，不能并案",
    "还有部门没有报到，不能办结",
    "报告人已注销账号，没有人可以询问",
    "请选择网格 grid_id，或改正地点 place_id，只能选一种",
    "这一步之后工单又有了变化，不能再撤销",
    "只有刚才办这一步的人可以撤销",
    "已经过了一分钟，不能再撤销",
    "这张工单已退回两次，由社区再次派出，不能再退",
    "代报只留被代报人的电话，请不要再填联系电话",
    "只有工作人员可以代报",
    "只有本辖区工作人员上报时可以写明来源",
    "这里不在本单位的服务范围内，不能上报",
}


# The modules whose refusals only staff meet, in the console and on the desk, and what their figures and exports say.
STAFFS_MODULES = (
    *(
        "deps.py",
        "errors.py",
        "routers/exports.py",
        "rules/figures",
        "services/exports",
        "services/figures",
        "routers/organisations.py",
        "routers/robots.py",
        "routers/settings.py",
        "rules/subjects.py",
        "rules/accounts.py",
        "rules/offers.py",
        "services/accounts",
        "services/duty",
        "services/subjects",
        "models/activity.py",
        "models/relationship.py",
        "rules/relationships.py",
        "models/dispute.py",
        "rules/disputes.py",
    ),
    *(
        f"models/{name}.py"
        for name in (
            "act",
            "bulk",
            "offer",
            "organisation",
            "post",
            "setting_calendar",
            "setting_categories",
            "setting_points",
            "survey",
            "webhook",
        )
    ),
    *(f"services/posts/{name}.py" for name in ("changes", "permissions")),
    *(
        f"services/{name}"
        for name in ("grids", "organisations", "reviews", "settings", "tickets", "unsealing", "views")
    ),
    *(f"services/webhooks/{name}.py" for name in ("deliveries", "endpoints", "signing_secrets", "url_check")),
    *("services/replies/replies.py", "services/robots/setting.py", "rules/lifecycle.py"),
)
# Parts of sentences, names, what is said in a group of WeCom, and what is printed to be signed.
NO_REFUSALS = {
    *("楼灯已接入本群：{}的紧急情况、新工单和超时工单会在这里提醒。", "，建议派给{}"),
    *(
        "<li><span>当事人（签名、盖章或按指印）：</span><span>\u3000\u3000年\u3000\u3000月\u3000\u3000日</span></li>",
        "{}年{}月{}日",
    ),
    *("时", "{}时"),  # the 24 hours are rows of their own
}


# The letters of car plates, signs between digits, numerals.
_SIGNS = (text._PROVINCE, text._ANY_GAP, text._SPELT)  # noqa: SLF001


def said_in(module: str) -> Iterator[str]:
    """Return the Chinese sentences in a module's code, with {} for each value; no docstrings, examples and labels."""
    tree = ast.parse((APP / module).read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    examples = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in {"example", "ApiField", "ChineseField"}
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in docs | parts | examples:
            continue
        if isinstance(node, ast.JoinedStr):
            sentence = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            sentence = node.value
        else:
            continue
        is_pattern = "(?" in sentence or sentence in _SIGNS
        if CHINESE.search(sentence) and not is_pattern:
            yield sentence


def refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    yield kind
    for each in kind.__subclasses__():
        yield from refusals(each)


def residents_sentences() -> set[str]:
    """Return every sentence residents meet, with {} for each value; category names are those of categories.csv."""
    office = {"would-make-overdue", "unconfirmed"}
    titles = {
        kind.title for kind in refusals() if kind.slug not in office and kind.__module__ == "app.errors"
    }
    titles -= {"设置刚刚有人改过，请看最新内容再改"}  # of settings
    notices = [
        pair[0] for table in (sentences.SENTENCES, sentences.SENTENCES_BY_TYPE) for pair in table.values()
    ]
    notices += [pair[0] for pair in sentences.SENTENCES_WITHOUT_EVENT.values()]
    notices += [
        sentences.WHAT,
        sentences.WHAT_ALONE,
        sentences.FALLBACK[0],
        *sentences.FOLLOWER_SENTENCES.values(),
        *sentences.SUBJECT_SENTENCES.values(),
        sentences.POINTS_LAPSE_SENTENCE,
    ]
    settings_ = [said for pair in preferences.GROUP_LABELS.values() for said in pair]
    shown = [
        *(*labels.STATUS.values(), *labels.LEVEL.values(), *labels.EVENT.values()),
        *(
            labels.UNASSIGNED,
            labels.CALL_NOT_ACKNOWLEDGED,
            labels.REPORTER,
            labels.ANONYMOUS,
            labels.FOLLOWER,
        ),
        *(labels.ERASED, labels.ERASED_PERSON),
        *(f"{{}} {labels.ROLE[role]}" for role in Role),
        *labels.ROLE.values(),
        *labels.SKILL.values(),
        *(
            said
            for life in LIVES.values()
            for said in (life.label, *life.statuses.values(), *life.events.values())
        ),
        *labels.OPINION_SORT.values(),
        *labels.ACTIVITY_SORT.values(),
        *labels.ATTENDANCE.values(),
        *labels.SURVEY_SORT.values(),
        *labels.OFFER_SORT.values(),
        *(*labels.CIRCLE.values(), *labels.ACCOUNT.values(), *labels.TRANSFER.values(), labels.REVERSED),
        *(award.label for award in points.AWARDS.values()),
        *labels.CARE_ACT.values(),
        *labels.RELATIONSHIP_SORT.values(),
        *labels.PAIRING_REASON.values(),
        *labels.DISPUTE_SORT.values(),
        *labels.AGREEMENT_FORM.values(),
        *labels.SIDE_ROLE.values(),
        *(choice for choices in labels.CHOICES.values() for choice in choices),
    ]
    wechat = [
        sentence
        for use in (Use.SIGN_IN, Use.PHONE)
        for sentence in (*wechat_errors.SENTENCES[use].values(), wechat_errors.NOT_SET_UP[use])
    ]
    codes = [sentence for module in RESIDENTS_MEET for sentence in said_in(module)]
    every = {
        *titles,
        *(title for _, title in problems.TITLES.values()),
        *problems.SENTENCES.values(),
        *notices,
        *settings_,
        preferences.NEVER_MUTED,
        phones._NO_PHONE,  # noqa: SLF001 - the rest of its module is how numbers are written
        *shown,
        *wechat,
        *codes,
    }
    return {re.sub(r"\{\w*\}", "{}", sentence) for sentence in every} - STAFF_MEET


def category_names() -> set[str]:
    with (APP / "categories.csv").open(encoding="utf-8") as file:
        return {row["zh"] for row in csv.DictReader(file)}


@pytest.mark.parametrize("code", ["en", "kk"])
def test_no_sentence_that_residents_meet_lacks_a_translation(code: str) -> None:
    translated = {re.sub(r"\{\w+\}", "{}", zh) for zh in words.load()[code].texts}
    needed = residents_sentences() | (category_names() if code != "en" else set())
    assert sorted(needed - translated) == []


@pytest.mark.parametrize("code", ["en", "kk"])
def test_no_refusal_that_staff_meet_lacks_a_translation(code: str) -> None:
    files = (APP / module for module in STAFFS_MODULES)
    modules = [
        str(file.relative_to(APP))
        for path in files
        for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])
    ]
    said = {re.sub(r"\{\w*\}", "{}", sentence) for module in modules for sentence in said_in(module)}
    translated = {re.sub(r"\{\w+\}", "{}", zh) for zh in words.load()[code].texts}
    assert sorted(said - translated - NO_REFUSALS) == []


@pytest.mark.parametrize("code", ["en", "kk"])
def test_a_translation_has_no_chinese_left(code: str) -> None:
    assert [said for said in words.load()[code].texts.values() if CHINESE.search(said)] == []


@pytest.mark.parametrize("code", ["en", "kk"])
def test_the_privacy_guide_is_translated_in_its_current_version(code: str) -> None:
    chinese = (APP / "consent.md").read_text("utf-8")
    guide = words.load()[code].consent or ""
    assert guide.split("\n")[0] == chinese.split("\n")[0]
    assert not CHINESE.search(guide)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("kk-Arab-CN", "kk"),
        ("KK", "kk"),
        ("fr, kk;q=0.5, en;q=0.8", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("*", "zh"),
        ("", "zh"),
        ("en;q=0", "zh"),
        ("en;q=much", "zh"),
        (";;,,=", "zh"),
        ("../kk", "zh"),
    ],
)
def test_a_request_is_answered_in_the_first_language_there_are_words_in(header: str, code: str) -> None:
    words.ask(header)
    assert words.language().code == code


def test_values_are_found_in_a_sentence_that_has_them_already() -> None:
    words.ask("en")
    assert words.translate("一小时内最多上传60张照片") == "At most 60 photos an hour"
    assert words.translate("您不能对这张工单“催办”") == "You may not do “Urge” with this report"
    assert words.translate("没有人译过这一句") == "没有人译过这一句"


def test_values_keep_their_own_direction_within_arabic_script() -> None:
    words.ask("kk")
    assert "\u2068“人和家园944号 2”\u2069" in words.say("您上报的{what}已结案", what="“人和家园944号 2”")


def own_file(name: str, content: str) -> None:
    folder = settings.get().data_dir / "words"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, "utf-8")
    process_state.forget_all()


@pytest.fixture(autouse=True)
def as_shipped() -> Iterator[None]:
    yield
    words.ask(None)
    for file in (settings.get().data_dir / "words").glob("*"):
        file.unlink()
    process_state.forget_all()


def test_an_office_corrects_one_sentence_and_the_others_stay() -> None:
    own_file("kk.csv", HEADER + "status,已结案,بىتكەن ٴىس\n")
    kk = words.load()["kk"]
    assert kk.fill("已结案") == "بىتكەن ٴىس"
    assert kk.fill("已受理") == "قابىلداندى"


def test_a_new_language_is_a_file_and_says_the_rest_in_chinese() -> None:
    own_file("ug.csv", "# ئۇيغۇرچە\n" + HEADER + "problem,请先登录,ئالدى بىلەن كىرىڭ\nproblem,已结案,\n")
    words.ask("ug-CN")
    assert (words.say("请先登录"), words.say("已结案")) == ("ئالدى بىلەن كىرىڭ", "已结案")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("zh,text\n已结案,x\n", "第一行应当是 part,zh,text"),
        (HEADER + "status,已结案\n", "第 2 行应当有 3 列"),
        (HEADER + "status,已结案,a,b\n", "第 2 行应当有 3 列"),
        ("# 说明\n" + HEADER + "notice,您上报的{what}已结案,{waht} done\n", "第 3 行的 {…} 和原文的不一样"),
        (HEADER + "notice,您上报的{what}已结案,done\n", "第 2 行的 {…} 和原文的不一样"),
        (HEADER + "status,已结案,{\n", "第 2 行的 {…} 和原文的不一样"),
    ],
)
def test_a_file_that_is_wrong_stops_the_start_with_one_line(content: str, said: str) -> None:
    own_file("kk.csv", content)
    with pytest.raises(Misconfigured, match=re.escape(said)) as refused:
        words.load()
    assert "\n" not in str(refused.value)
