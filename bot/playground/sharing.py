"""What people share beside words: files, voice clips, messages of other channels."""

from typing import Any

from bot.playground import clips
from bot.playground.directory import new_id
from bot.playground.objects import Json, StoredFile
from bot.playground.state import State


class Sharing(State):
    def share_file(self, name: str, content: bytes, *, user: str = "ann", **more: Any) -> str:
        """Stores a file of somebody's; its id goes into `say(..., files=[id])`.

        `more` sets fields of StoredFile: `mimetype`, `subtype="slack_audio"`, `transcription`, …
        """
        owner = self.directory.person(user).id
        created = int(self.clock.now())
        stored = StoredFile(new_id("F0"), name, owner, created, len(content), content)
        stored.is_complete = True
        for field, value in more.items():
            setattr(stored, field, value)
        self.files[stored.id] = stored
        return stored.id

    def share_clip(self, spoken: str, *, user: str = "ann", looks: int = 1, **more: Any) -> str:
        """A voice clip that says this; its id goes into `say(..., files=[id])`.

        Its transcription is ready at the files.info after `looks` others, and has failed then
        where `spoken` is empty. With `transcription=None` Slack makes none.
        """
        known: Json = {
            "mimetype": "audio/mp4",
            "subtype": clips.SUBTYPE,
            "transcription": clips.waiting(),
            "ready_after_looks": looks,
            "spoken": spoken,
        }
        return self.share_file("audio_message.m4a", b"clip", user=user, **(known | more))

    def quoted(self, channel: str, ts: str) -> Json:
        """A message as the attachment that a forward of it carries."""
        home = self.directory.channel(channel)
        message = home.messages[ts]
        author = self.directory.people.get(message.user)
        link = (
            f"https://{self.directory.domain}.slack.com/archives/{home.id}/p{ts.replace('.', '')}"
        )
        shown: Json = {
            "is_share": True,
            "is_msg_unfurl": True,
            "is_reply_unfurl": message.is_reply,
            "channel_id": home.id,
            "channel_team": self.directory.team_id,
            "ts": ts,
            "author_id": message.user,
            "author_name": author.real_name if author else "",
            "from_url": link,
            "original_url": link,
            "text": message.text,
            "fallback": f"[{ts}] {author.name if author else message.user}: {message.text}",
            "footer": "Direct message" if home.kind == "im" else f"Posted in #{home.name}",
            "mrkdwn_in": ["text"],
            "id": 1,
        }
        blocks = {"team": self.directory.team_id, "channel": home.id, "ts": ts}
        if message.blocks:
            shown["message_blocks"] = [blocks | {"message": {"blocks": message.blocks}}]
        inside = message.attachments[0] if message.attachments else {}
        return {**{k: inside[k] for k in ("title", "fields") if k in inside}, **shown}
