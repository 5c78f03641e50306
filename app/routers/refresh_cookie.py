"""The console's refresh token, in a cookie that no script reads. A header asks for it, which no other site can send."""

from typing import Annotated, Final, Literal, TypeVar

from fastapi import Cookie, Depends, Header, Response
from pydantic.json_schema import SkipJsonSchema

from app import settings
from app.deps import API
from app.errors import Invalid
from app.models.person import RefreshIn, SignedInOut, TokensOut
from app.models.scan import ScanStateOut
from app.services.auth import MAX_IDLE

NAME: Final = "loudeng_refresh"
_PATH: Final = f"{API}/auth"
_NOT_GIVEN: Final = "请填写刷新令牌"

T = TypeVar("T", SignedInOut, TokensOut, ScanStateOut)  # the narrowest first


class RefreshCookie:
    """Where one request's refresh token is kept: in the cookie if the header says so, else in the bodies."""

    def __init__(
        self,
        response: Response,
        x_refresh_token: Annotated[Literal["cookie"] | SkipJsonSchema[None], Header()] = None,
        loudeng_refresh: Annotated[str | None, Cookie(include_in_schema=False, max_length=512)] = None,
    ) -> None:
        self._response, self._used, self._token = response, x_refresh_token is not None, loudeng_refresh

    def token(self, form: RefreshIn) -> str:
        """Return the refresh token that was sent. Raises Invalid."""
        token = form.refresh_token or (self._token if self._used else None)
        if not token:
            raise Invalid.at("/refresh_token", _NOT_GIVEN)
        return token

    def keep(self, answer: T) -> T:
        """Move an answer's refresh token into the cookie, if it is to be kept there."""
        if not self._used or not answer.refresh_token:
            return answer
        self._response.set_cookie(
            NAME,
            answer.refresh_token,
            max_age=int(MAX_IDLE.total_seconds()),
            path=_PATH,
            httponly=True,
            samesite="strict",
            secure=(settings.get().public_url or "").startswith("https://"),
        )
        return answer.model_copy(update={"refresh_token": ""})

    def forget(self) -> None:
        """Remove the cookie."""
        if self._used:
            self._response.delete_cookie(NAME, path=_PATH, httponly=True, samesite="strict")


CurrentRefreshCookie = Annotated[RefreshCookie, Depends()]
