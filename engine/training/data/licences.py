"""What may be trained on: SPDX expressions, licences in file headers, debian/copyright (DEP-5).

Only permissive licences pass; an OR needs one permissive side, an AND needs both. A file's own
header wins over what its package says, and a copyleft header is never overruled.
Sources: SPDX specification 2.3, annex D (expressions); Debian's machine-readable copyright format
1.0 (stanzas, patterns, last match wins).
"""
import re

PERMISSIVE = frozenset([
    "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear", "0BSD", "ISC",
    "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "PSF-2.0", "Python-2.0", "BSL-1.0",
    "Unlicense"])
LOWER = frozenset(name.lower() for name in PERMISSIVE)
SAME = {name.lower(): name for name in PERMISSIVE} | {
    "expat": "MIT", "x11": "MIT", "mit/x11": "MIT", "mit-license": "MIT",
    "bsd": "BSD-3-Clause", "new-bsd": "BSD-3-Clause", "bsd-2-clauses": "BSD-2-Clause",
    "bsd-3-clauses": "BSD-3-Clause", "bsd-2": "BSD-2-Clause", "bsd-3": "BSD-3-Clause",
    "apache": "Apache-2.0", "apache-2": "Apache-2.0", "apache2": "Apache-2.0",
    "psf": "PSF-2.0", "psf-2": "PSF-2.0", "python": "PSF-2.0", "boost": "BSL-1.0",
    "boost-1.0": "BSL-1.0", "bsl-1": "BSL-1.0", "bsl": "BSL-1.0"}

# A licence that is granted, not one that is merely spoken of: "GPL-compatible" is no grant.
COPYLEFT = re.compile(
    rb"GNU (Lesser |Library |Affero )?General Public Licen[cs]e|"
    rb"SPDX-License-Identifier:[^\n]*\b(A?L?GPL|MPL|EPL|CDDL|CC-BY|SSPL|BUSL)|"
    rb"(under|terms of|licen[cs]ed?)[^.]{0,40}\b[AL]?GPL\b(?!-compatible)|\b[AL]?GPL-?v?[23]\b|"
    rb"Mozilla Public Licen[cs]e|Eclipse Public Licen[cs]e|\bCDDL\b|"
    rb"Common Development and Distribution|Creative Commons|Server Side Public|"
    rb"Business Source Licen|proprietary and confidential|Elastic Licen[cs]e", re.I)
# Licence files hold whole texts, so a title with a version is what counts there.
COPYLEFT_TEXT = re.compile(
    rb"GNU (LESSER |LIBRARY |AFFERO )?GENERAL PUBLIC LICENSE\s+Version \d|"
    rb"Mozilla Public License,? Version|Eclipse Public License|"
    rb"COMMON DEVELOPMENT AND DISTRIBUTION LICENSE|Server Side Public License|"
    rb"GNU (Lesser |Library |Affero )?General Public License as published|"
    rb"SPDX-License-Identifier:\s*(A?L?GPL|MPL|EPL|CDDL)|Creative Commons Attribution", re.I)
OR_PERMISSIVE = re.compile(
    rb"SPDX-License-Identifier:[^\n]*(MIT|BSD|Apache|ISC|BSL)[^\n]*\bOR\b|"
    rb"SPDX-License-Identifier:[^\n]*\bOR\b[^\n]*(MIT|BSD|Apache|ISC|BSL)|"
    rb"under both the GPLv2[^.]{0,80}and Apache 2\.0|"
    rb"dual[- ]licen[cs]ed under the (BSD|MIT|Apache)", re.I)
GRANTS = [(spdx, re.compile(pattern, re.I | re.S)) for spdx, pattern in [
    ("Apache-2.0 WITH LLVM-exception", r"Apache License.{0,30}with LLVM Exceptions"),
    ("Apache-2.0", r"Apache License,?\s+(Version\s+|v)?2|Apache[- ]2\.0|"
                   r"Licensed to the Apache Software Foundation"),
    ("BSL-1.0", r"Boost Software License"),
    ("BSD-3-Clause", r"Redistribution and use in source and binary forms.{0,2500}"
                     r"Neither the name"),
    ("BSD-2-Clause", r"Redistribution and use in source and binary forms"),
    ("MIT", r"Permission is hereby granted, free of charge"),
    ("ISC", r"Permission to use, copy, modify,? and(/or)? distribute this software"),
    ("Unlicense", r"released into the public domain.{0,400}unlicense"),
    ("PSF-2.0", r"PYTHON SOFTWARE FOUNDATION LICENSE|Licensed to PSF"),
    ("BSD-3-Clause", r"\bBSD(-style| 3-clause| three-clause)? licen[cs]e"),
    ("MIT", r"\bMIT licen[cs]e|licen[cs]ed? (under|is) (the )?(terms of the )?MIT\b"),
]]


def permissive(expression):
    """True when an SPDX expression can be met by permissive licences alone."""
    words = re.findall(r"\(|\)|[^\s()]+", (expression or "").replace("/", " OR "))
    at = 0

    def atom():
        nonlocal at
        if at < len(words) and words[at] == "(":
            at += 1
            value = either()
            at += 1
            return value
        name = words[at] if at < len(words) else ""
        at += 1
        if at + 1 < len(words) and words[at].upper() == "WITH":
            name += " WITH " + words[at + 1]
            at += 2
        return name.lower() in LOWER   # SPDX matches names without regard to case

    def chain(operator, part, decide):
        nonlocal at
        values = [part()]
        while at < len(words) and words[at].upper() == operator:
            at += 1
            values.append(part())
        return decide(values)

    def both():
        return chain("AND", atom, all)

    def either():
        return chain("OR", both, any)

    return bool(words) and either() and at >= len(words)


def leading_comments(text, language):
    """The comments at the top of a file (at most four, at most 9000 characters each)."""
    rest = text.lstrip("\ufeff \t\r\n")
    if rest.startswith("#!"):
        rest = rest.partition("\n")[2].lstrip()
    blocks = []
    while len(blocks) < 4:
        if rest.startswith("/*"):
            end = rest.find("*/")
            block = rest[:end + 2] if end > 0 else ""
        elif language == "python" and rest.startswith("#"):
            block = re.match(r"(?:#[^\n]*(?:\n|$))+", rest).group(0)
        elif language != "python" and rest.startswith("//"):
            block = re.match(r"(?://[^\n]*(?:\n|$))+", rest).group(0)
        else:
            break
        if not block or len(block) > 9000:
            break
        blocks.append(block)
        rest = rest[len(block):].lstrip()
    return blocks


def grant(text):
    """The SPDX expression of the licence that a text grants, None when it grants none of ours."""
    tag = re.search(r"SPDX-License-Identifier:\s*([^\n*]+)", text)
    if tag:
        return tag.group(1).strip().rstrip("*/#-> ").strip()
    for spdx, pattern in GRANTS:
        if pattern.search(text):
            return spdx
    return None


def header_licence(text, language):
    """The licence that the comments at the top of a file grant."""
    comments = "\n".join(leading_comments(text, language))
    plain = re.sub(r"\s*\n[ \t]*(?:\*+|//+|#+)?[ \t]*", " ", comments)   # "License,\n * version 2.0"
    tag = re.search(r"SPDX-License-Identifier:[^\n]*", comments)
    return grant(tag.group(0) if tag else plain)


def copyleft_header(data):
    """True when the first 5 kB of a file speak of a copyleft licence without a choice."""
    head = data[:5000]
    return bool(COPYLEFT.search(head)) and not OR_PERMISSIVE.search(head)


def normal_name(name):
    """debian/copyright's short name as SPDX, None when it is none of the permissive ones."""
    low = name.strip().strip(",").lower()
    if re.fullmatch(r"apache-2(\.0)?(-with)?[- ](with )?llvm[- ]exceptions?", low):
        return "Apache-2.0 WITH LLVM-exception"
    return SAME.get(low)


class DebianCopyright:
    """The stanzas of a debian/copyright in the machine-readable format."""

    def __init__(self, stanzas):
        self.stanzas = stanzas   # (compiled pattern, SPDX or None) in the order of the file

    @staticmethod
    def parse(text):
        """None when the text is not in the machine-readable format."""
        paragraphs = []
        for chunk in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")):
            fields, key = {}, None
            for line in chunk.split("\n"):
                if line.startswith("#"):
                    continue
                match = re.match(r"([A-Za-z][\w-]*):[ \t]*(.*)", line)
                if match:
                    key = match.group(1).lower()
                    fields[key] = match.group(2)
                elif key and line[:1] in " \t":
                    fields[key] += "\n" + line.strip()
            paragraphs.append(fields)
        if not any("copyright-format" in f.get("format", "") or "dep5" in f.get("format", "").lower()
                   or "dep.debian.net" in f.get("format", "") for f in paragraphs[:2]):
            return None
        texts = {}
        for fields in paragraphs:
            name, _, body = fields.get("license", "").partition("\n")
            if name and body.strip():
                texts[name.strip().lower()] = body
        stanzas = []
        for fields in paragraphs:
            if "files" not in fields:
                continue
            spdx = resolve(fields.get("license", "").partition("\n")[0], texts)
            for pattern in fields["files"].split():
                stanzas.append((wildcard(pattern), spdx))
        return DebianCopyright(stanzas)

    def licence(self, path):
        """The permissive licence of a file, or None; the last stanza that matches decides."""
        for pattern, spdx in reversed(self.stanzas):
            if pattern.fullmatch(path):
                return spdx
        return None


def wildcard(pattern):
    """DEP-5 patterns: * and ? match slashes too, a backslash escapes."""
    if pattern.startswith("./"):
        pattern = pattern[2:]
    parts = re.findall(r"\\.|.", pattern)
    return re.compile("".join(".*" if p == "*" else "." if p == "?" else re.escape(p[-1])
                              for p in parts), re.S)


def resolve(names, texts):
    """The SPDX expression for "GPL-2+ or BSD-3-clause"; None unless it can be met permissively.

    A name that we do not know (BSD-3-clause-Acme) counts by its text, if that is a grant of ours.
    """
    chosen = []
    names = re.sub(r"\bwith\b(?! llvm)", "-with-", names, flags=re.I)
    for alternative in re.split(r"\s*,?\s+or\s+", names.strip(), flags=re.I):
        parts = []
        for name in re.split(r"\s*,?\s+and\s+", alternative, flags=re.I):
            spdx = normal_name(name)
            if spdx is None:
                body = texts.get(name.strip().lower(), "")
                if not COPYLEFT.search(body.encode()):
                    spdx = grant(body)
            if spdx is None or not permissive(spdx):
                parts = None
                break
            parts.append(spdx)
        if parts:
            chosen.append(" AND ".join(dict.fromkeys(parts)))
    return " OR ".join(dict.fromkeys(chosen)) if chosen else None
