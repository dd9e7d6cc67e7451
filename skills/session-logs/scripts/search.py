#!/usr/bin/env python3
"""Searches the transcripts of an agent. Reads only; damaged lines are skipped and counted."""
import argparse
import json
import os
import re
import sys
from datetime import datetime, timezone
from pathlib import Path

MAX_TEXT = 400
MAX_LINE = 8_000_000


def texts_of(content, with_tools):
    if isinstance(content, str):
        return content
    parts = []
    for part in content if isinstance(content, list) else []:
        if not isinstance(part, dict):
            continue
        if part.get("type") == "text":
            parts.append(str(part.get("text", "")))
        elif with_tools and part.get("type") == "toolCall":
            parts.append(f"[{part.get('name')} {json.dumps(part.get('arguments'), ensure_ascii=False)}]")
    return "\n".join(parts)


def entries(path, with_tools, damaged):
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if len(line) > MAX_LINE or not line.strip():
                continue
            try:
                entry = json.loads(line)
            except ValueError:
                damaged.append(path.name)
                continue
            message = entry.get("message") if isinstance(entry, dict) else None
            if entry.get("type") != "message" or not isinstance(message, dict):
                continue
            role = {"toolResult": "tool"}.get(message.get("role"), message.get("role"))
            if role == "tool" and not with_tools:
                continue
            text = texts_of(message.get("content"), with_tools).strip()
            if text:
                yield str(entry.get("timestamp", "")), str(role), text


def local(stamp):
    try:
        return datetime.fromisoformat(stamp.replace("Z", "+00:00")).astimezone()
    except ValueError:
        return None


def day(text):
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        sys.exit(f"{text}: write dates as 2026-03-14 or 2026-03-14T09:00")


def short(text, found):
    flat = re.sub(r"\s+", " ", text)
    if len(flat) <= MAX_TEXT:
        return flat
    hit = found.search(flat) if found else None
    start = max(0, (hit.start() if hit else 0) - MAX_TEXT // 3)
    return ("…" if start else "") + flat[start : start + MAX_TEXT] + "…"


def show(stamp, session, role, text, found):
    when = local(stamp)
    print(f"{when:%Y-%m-%d %H:%M} {session[:8]} {role}: {short(text, found)}" if when else f"? {session[:8]} {role}: {short(text, found)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pattern", nargs="?", default="")
    parser.add_argument("--agent", default="main")
    parser.add_argument("--state", type=Path, default=Path(os.environ.get("OPENCLAW_STATE_DIR") or Path.home() / ".openclaw"))
    parser.add_argument("--since", type=day)
    parser.add_argument("--until", type=day, help="the whole of that day, when no time is given")
    parser.add_argument("--role", choices=["user", "assistant", "tool"])
    parser.add_argument("--session", default="", help="beginning of a session's id")
    parser.add_argument("--around", type=int, default=0, help="messages before and after each hit")
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument("--tools", action="store_true")
    parser.add_argument("--archived", action="store_true")
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    if not re.fullmatch(r"[A-Za-z0-9_-]+", args.agent):
        sys.exit("an agent's id is made of letters, digits, - and _")
    folder = args.state / "agents" / args.agent / "sessions"
    if not folder.is_dir():
        sys.exit(f"there are no conversations in {folder}: name the right place with --state and --agent")
    try:
        found = re.compile(args.pattern, re.IGNORECASE) if args.pattern else None
    except re.error as error:
        sys.exit(f"the pattern is no regular expression: {error}")
    until = args.until.replace(hour=23, minute=59, second=59) if args.until and args.until.hour == args.until.minute == 0 else args.until
    with_tools = args.tools or args.role == "tool"
    names = re.compile(r"\.jsonl(?:\.reset\..*)?$" if args.archived else r"\.jsonl$")
    files = [path for path in folder.iterdir() if names.search(path.name) and path.name.startswith(args.session)]
    damaged, hits, shown = [], [], 0
    for path in sorted(files, key=lambda each: each.stat().st_mtime, reverse=True):
        session, all_of_it = path.name.split(".")[0], list(entries(path, with_tools, damaged))
        if args.list:
            if all_of_it and shown < args.limit:
                shown += 1
                first = next((text for _, role, text in all_of_it if role == "user"), all_of_it[0][2])
                show(all_of_it[-1][0], session, f"{len(all_of_it)} messages", first, None)
            continue
        for at, (stamp, role, text) in enumerate(all_of_it):
            when = local(stamp)
            if args.role and role != args.role or found and not found.search(text):
                continue
            if (args.since and (not when or when < args.since)) or (until and (not when or when > until)):
                continue
            hits.append((stamp, session, all_of_it[max(0, at - args.around) : at + args.around + 1]))
    hits.sort(key=lambda hit: hit[0], reverse=True)
    for stamp, session, lines in hits[: args.limit]:
        for line in lines:
            show(line[0], session, line[1], line[2], found)
        if args.around:
            print("--")
    if not args.list:
        print(f"{len(hits)} found" + (f", {args.limit} shown" if len(hits) > args.limit else ""), file=sys.stderr)
    if damaged:
        print(f"{len(damaged)} damaged lines skipped", file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.stderr.close()
