"""What a deployment needs of WeChat: what is there, what is missing, what only a person can see."""

from app.services.wechat_check.checks import check_all
from app.services.wechat_check.findings import Finding, State, summary

__all__ = ["Finding", "State", "check_all", "summary"]
