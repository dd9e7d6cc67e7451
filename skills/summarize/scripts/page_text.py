#!/usr/bin/env python3
"""Reads HTML from standard input and prints its title and text. With --links, addresses follow link texts."""
import re
import sys
from html.parser import HTMLParser

SKIPPED = {"script", "style", "noscript", "template", "svg", "nav", "footer", "aside", "form", "iframe", "head"}
BLOCKS = {"p", "div", "section", "article", "main", "header", "tr", "table", "ul", "ol", "dl", "dd", "dt", "figure",
          "figcaption", "blockquote", "pre", "li", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
MAX_BYTES = 10_000_000


class Text(HTMLParser):
    def __init__(self, links):
        super().__init__(convert_charrefs=True)
        self.links, self.out, self.skipping, self.title, self.in_title, self.href = links, [], [], "", False, []

    def handle_starttag(self, tag, attrs):
        if tag == "title" and "svg" not in self.skipping:
            self.in_title = True
        if tag in SKIPPED:
            self.skipping.append(tag)
        if tag == "body":
            self.skipping.clear()
        if self.skipping:
            return
        if tag in BLOCKS:
            self.out.append("\n")
        if re.fullmatch("h[1-6]", tag):
            self.out.append("\n" + "#" * int(tag[1]) + " ")
        elif tag == "li":
            self.out.append("- ")
        elif tag in ("td", "th"):
            self.out.append(" | ")
        elif tag == "a":
            self.href.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag):
        if tag == "title":
            self.in_title = False
        if tag in self.skipping:
            while self.skipping and self.skipping.pop() != tag:
                pass
            return
        if self.skipping:
            return
        if tag == "a" and self.href:
            href = self.href.pop()
            if self.links and href.startswith("http"):
                self.out.append(f" <{href}>")
        if tag in BLOCKS:
            self.out.append("\n")

    def handle_data(self, data):
        if self.in_title:
            self.title += data
        elif not self.skipping:
            self.out.append(re.sub(r"\s+", " ", data))


def main():
    raw = sys.stdin.buffer.read(MAX_BYTES)
    charset = re.search(rb"charset=[\"']?([\w-]+)", raw[:4096])
    try:
        html = raw.decode(charset.group(1).decode() if charset else "utf-8", "replace")
    except LookupError:
        html = raw.decode("utf-8", "replace")
    parser = Text("--links" in sys.argv[1:])
    parser.feed(html)
    parser.close()
    lines = [line.strip() for line in "".join(parser.out).split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line not in ("-", "|")))
    title = " ".join(parser.title.split())
    print((f"Title: {title}\n\n" if title else "") + text.strip())


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.stderr.close()
