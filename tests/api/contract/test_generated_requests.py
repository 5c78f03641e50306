"""Requests that schemathesis generates from the OpenAPI document, of a resident, a company's system and an office.

No server error, no status and no answer that the document does not have, and nothing refused that it allows but for the
reasons below. The requests are the same in every run.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Coroutine, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Final, TypeVar
from xml.etree import ElementTree as ET

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.main import create_app
from app.services import grids
from tests import accounts, world
from tests.deployed import deployed
from tests.keys import company, machine
from tests.subjects import (
    activity,
    dispute,
    offer,
    opinion,
    pairing,
    project,
    reservation,
    survey,
    topic,
)
from tests.wechat_standin import Wechat
from tests.world import API, Person, answer

pytestmark = pytest.mark.timeout(900)  # some 40 s of processor time; machines are shared
load_all_checks()
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
EXAMPLES: Final = {GenerationMode.POSITIVE: 5, GenerationMode.NEGATIVE: 3}  # of each operation
CALLERS: Final = ("resident", "key", "community")
STEADY: Final = settings(
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# Why a request that the document allows may be refused: what the answer says, and the reason.
REASONS: Final = {
    "翻页位置无效|位置无效，请从头": "a cursor is what the page before gave",
    "同一个幂等键": "one Idempotency-Key is for one body",
    "只能用一个|只有待办列表能|不能搜索|只能给一个|不能早于开始的日子": "parameters of a query that depend on each other: OpenAPI cannot say so",
    "没有这[个种]|没有这一[格项]|这里没有这个岗位|隐私保护指引已更新": "it names something that is not there",
    "一年以内的将来|从今天起一年以内|前后一年以内|发生时间|日期|90天|90 天|活动时间已经过了|活动还没有结束|天以内的活动": "a time that depends on now, or on another",
    "照片没有上传成功|要附一张现场照片": "photos are uploaded first; the category says whether one is needed",
    "照片是空的|只能上传照片": "the content of a file",
    "请填写手机号，或带区号": "the many ways to write a phone number",
    "姓名只能是": "letters of any script: JSON Schema has no word for them that all programs know",
    "请输入要找的字": "a search of signs alone has no words",
    "请填写刷新令牌": "it stands in the body unless the console's cookie has it",
    "请填写文字": "characters that nobody can see, beside the blanks",
    "授权无效|登录码": "codes that WeChat gives, good once",
    "周围20公里": "a position where no office is",
    "已经是这个类别|不服务工单": "it depends on the ticket",
    "只有工作人员|只有本辖区": "it depends on who reports",
    "^(long|lat|email)：": "a form has no null",
    "岗位名称|可以叫：|不在.*任职|是另一种岗位|这个名称写了两次": "a title is one of the office's, for a role where it is held",
    "只能填座机或热线": "a number for the public, as it is written",
    "表决要有规则|单选和多选要写选项|选项不能重复|法律规定的规则|自定的规则|分组只能按": "questions and rule fit together",
    "没有第|这个选项|只能选一项|每一项都要选|同一题|把哪一题": "answers fit the survey's questions",
    "截止时间|登记户室|登记面积|征询的范围|写了两次|哪栋哪单元|不归您的社区|由本社区的事项": "it depends on the survey and its households",
    "结束时间要晚于|值班时间已经|一个班最长|只能和同一个|对方没有这个班|不参加值班": "a shift fits the roster and now",
    "要积分的写明|借用要写明|服务没有库存|没有这项资源|领取码不对|存放点": "it depends on the kind of offer, or on which is reserved",
    "结对帮扶要写|这一种关系不用|重新选择帮扶人|本社区没有这个单位|没有这个人|终止的时间|走访的期限|已经是帮扶人": "two sides that are there, and times to come",
    "调解工作室，请重新|当事人|不是本工作室的成员|本事项的调解员|协议生效的日子|回访的日子|统计两年|年份要在": "parties and a studio that are there, and days in order",
    "聊、带、看、帮|其他场次": "it depends on the kind of activity",
    "不能晚于结束的日子": "a period ends after it begins",
    "应当是整数": "JSON Schema takes 60.0 for an integer",
}
T = TypeVar("T")
Request = Case[Any]
Operation = APIOperation[Any, Any, Any, Any]


@dataclass
class Callers:
    """Who sends the requests, and what the ids in them are replaced by: of what is there."""

    http: httpx.AsyncClient
    people: dict[str, Person] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    async def arrive(self) -> None:
        """Sign in anew and make a ticket: what an operation did to both is of no interest to the next."""
        resident, head, community = [
            await world.sign_in(self.http, persona) for persona in ("resident", "grid_head", "community")
        ]
        for person in (resident, community):
            version = (await person.get("/consent"))["version"]
            answer(await person.ask("PUT", "/me/consent", json={"version": version}))
        if not self.values:
            self.people["key"] = await machine(self.http)
            self.values = await self._lasting(community)
        self.people |= {"resident": resident, "community": community}
        ticket = await head.dispatch(await resident.report())
        paid = {"transfer_id": await accounts.pay(resident, 5), "account_id": await accounts.own(resident)}
        self.values |= {"ticket_id": ticket["id"], "version": ticket["version"], **paid}

    async def _lasting(self, community: Person) -> dict[str, Any]:
        """Return the values that are the same for all operations."""
        webhook = {"url": "https://8.8.8.8/", "events": ["ticket.*"]}
        made = answer(await self.people["key"].ask("POST", "/webhooks", json=webhook), 201)
        place_id = await world.id_of_code("wss")
        unit = await community.place()
        return {
            "webhook_id": made["id"],
            "place_id": unit,
            "home_id": unit,
            "organisation_id": await company(),
            "category": "stair_light",
            "service_code": "stair_light",
            "url": "https://8.8.8.8/",  # no name is looked up
            "office": place_id,
            **await self._subjects(community),
        }

    async def _subjects(self, community: Person) -> dict[str, str]:
        """Return the id of a subject of each kind."""
        makers = {
            "opinion": opinion,
            "topic": topic,
            "project": project,
            "activity": activity,
            "survey": survey,
            "offer": offer,
            "reservation": reservation,
            "relationship": pairing,
            "dispute": dispute,
        }
        return {f"{kind}_id": (await make(community))["id"] for kind, make in makers.items()}

    def fill(self, case: Request) -> None:
        """Put the ids of what is there where the request names something, so that it gets beyond 'not found'."""
        values = self.values
        if "/settings/" in case.path:
            values = values | {"place_id": values["office"], "version": int(case.path.endswith("/grids"))}
        for part in (case.path_parameters, case.query):
            for name in part.keys() & values.keys():
                part[name] = str(values[name])
        case.body = _filled(case.body, values)


def _filled(body: Any, values: dict[str, Any]) -> Any:
    if not isinstance(body, dict):
        return body
    return {
        name: values[name] if name in values and type(item) is type(values[name]) else item
        for name, item in body.items()
    }


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(found, Ok), found.err()
        yield found.ok()


@dataclass
class Sender:
    """Sends what schemathesis generates, in the tests' loop; hypothesis generates in a thread of its own."""

    callers: Callers
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    failures: list[str] = field(default_factory=list)
    count: int = 0

    def wait(self, doing: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(doing, self.loop).result(60)

    def run(self, document: dict[str, Any]) -> None:
        """Send requests of every operation, as every caller."""
        for operation in operations(document):
            self.wait(self.callers.arrive())
            for mode, examples in EXAMPLES.items():
                self._try(operation, mode, examples)

    def _try(self, operation: Operation, mode: GenerationMode, examples: int) -> None:
        asking = cycle(CALLERS)

        @settings(STEADY, max_examples=examples)
        @given(operation.as_strategy(generation_mode=mode))
        def send(case: Request) -> None:
            if mode is GenerationMode.POSITIVE:
                self.callers.fill(case)
            # What the document forbids is refused alike whoever says it: each is of one of them.
            for name in CALLERS if mode is GenerationMode.POSITIVE else [next(asking)]:
                self._check(case, self.wait(self._send(case, self.callers.people[name])), mode)

        try:
            send()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, operation.label  # what takes nothing takes nothing wrong

    async def _send(self, case: Request, person: Person) -> httpx.Response:
        prepared = requests.Request(**case.as_transport_kwargs(base_url="http://test")).prepare()
        # The reasons below are Chinese, whatever language a request has given its caller.
        headers: Any = dict(prepared.headers) | {"Accept-Language": "zh-CN"} | person.headers
        body: Any = prepared.body or b""
        self.count += 1
        return await self.callers.http.request(case.method, str(prepared.url), content=body, headers=headers)

    def _check(self, case: Request, response: httpx.Response, mode: GenerationMode) -> None:
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as failure:
            self.failures.append(f"{case.operation.label}: {failure.exceptions}\n{case.as_curl_command()}")
        if mode is GenerationMode.POSITIVE and response.status_code in {400, 415, 422}:
            self._explain(case, response)

    def _explain(self, case: Request, response: httpx.Response) -> None:
        """Note a refusal of what the document allows, unless there is a reason for it."""
        if "/open311/" in case.path:
            said = [(None, error["description"]) for error in _open311_errors(response)]
        else:
            problem = response.json()
            said = [(error["pointer"], error["detail"]) for error in problem.get("errors", ())] or [
                (None, problem.get("detail") or problem["title"])
            ]
        for pointer, detail in said:
            if not any(re.search(reason, detail) for reason in REASONS):
                self.failures.append(
                    f"{case.operation.label}: allowed but refused: {pointer} {detail}\n{case.as_curl_command()}"
                )


def _open311_errors(response: httpx.Response) -> list[dict[str, str]]:
    if response.headers["content-type"].startswith("application/json"):
        errors: list[dict[str, str]] = response.json()
        return errors
    return [{"description": node.text or ""} for node in ET.fromstring(response.content).iter("description")]


@pytest.fixture
async def callers(http: httpx.AsyncClient, wechat: Wechat) -> AsyncIterator[Callers]:
    with deployed(rate_limits="off"):
        yield Callers(http)


async def test_every_request_is_answered_as_the_document_says(callers: Callers) -> None:
    sender = Sender(callers)
    await asyncio.to_thread(sender.run, create_app().openapi())
    assert sender.count > 1000
    assert not sender.failures, f"{len(sender.failures)} failures\n" + "\n\n".join(sender.failures)


def _document(path: str) -> dict[str, Any]:
    """Return a copy of the document with one path only."""
    document = deepcopy(create_app().openapi())
    return document | {"paths": {path: document["paths"][path]}}


def _without_status(document: dict[str, Any]) -> None:
    del document["paths"][ME]["get"]["responses"]["403"]


def _with_another_shape(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["PersonOut"]["properties"]["consent"] = {"type": "integer"}


def _with_another_media_type(document: dict[str, Any]) -> None:
    document["paths"][ME]["get"]["responses"]["200"]["content"] = {"text/plain": {}}


def _without_the_rule_between_fields(document: dict[str, Any]) -> None:
    del document["components"]["schemas"]["PhoneIn"]["allOf"]


ME: Final = f"{API}/me"
PHONE: Final = f"{API}/me/phone"
WRONG: Final = [
    (ME, _without_status, "UndefinedStatusCode"),
    (ME, _with_another_shape, "JsonSchemaError"),
    (ME, _with_another_media_type, "UndefinedContentType"),
    (PHONE, _without_the_rule_between_fields, "allowed but refused"),
]


async def test_a_document_that_is_wrong_is_found_out(callers: Callers) -> None:
    for path, spoil, expected in WRONG:
        document, sender = _document(path), Sender(callers)
        spoil(document)
        await asyncio.to_thread(sender.run, document)
        assert any(expected in failure for failure in sender.failures), (spoil, sender.failures)


async def test_a_server_error_is_found(callers: Callers, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(grids, "my_grids", breaks)
    sender = Sender(callers)
    await asyncio.to_thread(sender.run, _document(f"{API}/me/grids"))
    assert any("ServerError" in failure for failure in sender.failures)
