"""assistant.threads.* and agents.sessions.*: statuses, titles, prompts and sessions of threads."""

from bot.playground.calls import Call, Method, Refused, bad_arguments
from bot.playground.objects import Json, Session

_STATES = {"active", "processing", "suspended", "closed"}
_NO_STOP_BUTTON = "missing_agent_session_stopped_event_subscription"


def _thread(call: Call) -> tuple[str, str]:
    channel = call.open_channel("channel_id")
    call.arguments.need("thread_ts")
    return channel.id, call.thread_ts(channel, "invalid_thread_ts") or ""


def set_status(call: Call) -> Json:
    channel, thread_ts = _thread(call)
    if not call.arguments.has("status"):
        raise bad_arguments("missing required field: status")
    loading = call.arguments.words("loading_messages")
    if len(loading) > 10:
        raise bad_arguments("no more than 10 items allowed [json-pointer:/loading_messages]")
    call.workspace.set_status(channel, thread_ts, call.arguments.text("status"), loading)
    return {}


def set_title(call: Call) -> Json:
    thread = _thread(call)
    call.workspace.titles[thread] = call.arguments.need("title")
    call.workspace.changes.notify()
    return {}


def set_suggested_prompts(call: Call) -> Json:
    channel = call.open_channel("channel_id")
    if channel.kind != "im":
        raise Refused("channel_type_not_supported")
    prompts = call.arguments.items("prompts", "invalid_arguments") or []
    if not 1 <= len(prompts) <= 4:
        raise bad_arguments("between 1 and 4 prompts are allowed [json-pointer:/prompts]")
    if any(not (prompt.get("title") and prompt.get("message")) for prompt in prompts):
        raise bad_arguments("title and message are required [json-pointer:/prompts]")
    shown = {"title": call.arguments.text("title"), "prompts": prompts}
    call.workspace.prompts[channel.id, call.thread_ts(channel) or ""] = shown
    call.workspace.changes.notify()
    return {}


def _title(call: Call) -> str:
    title = call.arguments.text("title")
    if len(title) > 200:
        raise bad_arguments("must be at most 200 characters [json-pointer:/title]")
    return title


def set_session_status(call: Call) -> Json:
    if not call.workspace.grants.is_agent:
        raise Refused("not_allowed")
    thread = _thread(call)
    status = call.arguments.need("status")
    if status not in _STATES:
        raise bad_arguments(f"must be one of {', '.join(sorted(_STATES))} [json-pointer:/status]")
    fresh = Session(title=_title(call), initiator=call.arguments.text("initiator_user_id"))
    session = call.workspace.sessions.setdefault(thread, fresh)
    session.status = status
    call.workspace.changes.notify()
    answer = {"status": status, "agent_status": status, "title": session.title}
    if call.workspace.grants.subscribes("agent_session_stopped"):
        return answer
    return answer | {"warning": _NO_STOP_BUTTON}


def rename_session(call: Call) -> Json:
    session = call.workspace.sessions.get(_thread(call))
    if session is None:
        raise Refused("session_not_found")
    call.arguments.need("title")
    session.title = _title(call)
    call.workspace.changes.notify()
    return {"title": session.title, "status": session.status}


METHODS = {
    "assistant.threads.setStatus": Method(set_status, ("chat:write", "assistant:write")),
    "assistant.threads.setTitle": Method(set_title, ("assistant:write",)),
    "assistant.threads.setSuggestedPrompts": Method(set_suggested_prompts, ("assistant:write",)),
    "agents.sessions.setStatus": Method(set_session_status, ("chat:write",)),
    "agents.sessions.rename": Method(rename_session, ("chat:write",)),
}
