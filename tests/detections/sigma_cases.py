"""Selections and conditions of Sigma that the conformance asks, and what is expected of the tricky ones by hand."""

from typing import NamedTuple

V = "requestParameters.v"
Detection = dict[str, object]


class Case(NamedTuple):
    name: str
    detection: Detection


# fmt: off
OF_V: tuple[tuple[str, object], ...] = (
    # plain values, wildcards, escapes
    *(("", value) for value in (
        "alpha", "ALPHA", "Alphabet", "", " ", None, [], ["alpha", "beta"], ["alpha", None], ["", None], ["alpha", "a*b"],
        "alpha*", "*alpha", "*alpha*", "al?ha", "?????", "*", "?", "??", "**", "?*", "a*b", "a?b", r"a\*b", r"a\?b", "a_b",
        "a%b", "100%", "1__%", r"a\b", r"a\\b", r"a\\\\b", r"a\\\*b", r"a\\*b", "dir\\", "dir\\\\", r"dir\*", r"dir\\*",
        "o'hara", "O'*", 'say "hi"', '*"hi"', "first line*second line", "first line?second line", "*\n*", "a\tb", "a\0b",
        "a?b*", "x' OR '1'='1", "ärger", "ÄRGER", "Ä*", "?rger", "straße", "strasse", "ΣΊΣΥΦΟΣ", "istanbul", "İSTANBUL",
        "kelvin", "a😀b", "A?B", "a\u0301b", "0", "10", "10.0", "10.5", "1e1", "010", "-3", "true", "false", "True",
        0, 10, 10.0, 10.5, 11, -3, 5, 9007199254740991, 111122223333, True, False, [10, "alpha", True],
        "2", 2, "111122223333", '{"k":"alpha"}', "*alpha\"*",
    )),
    *(("|contains", value) for value in (
        "alpha", "PHA", "", "a*b", "_", "%", "*", r"\*", r"\?", "\\", "'", '"', "line\nsec", "ä", "ΊΣ", "k", "😀", "1", 1, 10,
        ["alpha", "beta"], ["zeta", "hi"], "l?ha", "a\0", "0",
    ) if not isinstance(value, int)),
    *(("|startswith", value) for value in ("al", "AL", "a_", "a%", "1", r"a\*", "?l", "*l", "İ", "dir\\", "ß", "", ["al", "be"])),
    *(("|endswith", value) for value in ("ha", "HA", "%", "_b", r"*b", r"\*b", "?b", "\\", ".0", "e", "", ["ha", "ta"])),
    *(("|contains|all", value) for value in (["al", "ha"], ["alpha", "bet"], ["alpha", "beta"], ["a", ""], ["a*", "*b"])),
    *(("|startswith|all", value) for value in (["al", "alp"], ["al", "be"])),
    *(("|endswith|all", value) for value in (["ha", "a"], ["ha", "ta"])),
    ("|all", ["alpha", "beta"]), ("|all", ["alpha", "ALPHA"]), ("|all", ["al*", "*ha"]), ("|all", [1, "2"]), ("|all", [10, True]),
    # with case
    *(("|cased", value) for value in ("alpha", "ALPHA", "Alphabet", "al*", "AL*", "?LPHA", "ÄRGER", "ärger", "true", "", r"a\*b")),
    ("|contains|cased", "LPHA"), ("|startswith|cased", "Al"), ("|endswith|cased", "alpha"), ("|cased|contains", "pha"),
    ("|contains|all|cased", ["A", "L"]), ("|cased", ["alpha", "Alphabet"]),
    # regular expressions
    *(("|re", value) for value in (
        "alpha", "^alpha$", "^al.*a$", "ALPHA", "[a-c]l", "a.b", "a\\*b", "a\\.b", "^$", "^.$", "^10$", "^1[01]", "true|false", "line$",
        "^second", "line.second", "o'h", "\"hi\"", "(?i)ALPHA", "^[0-9.]+$", "\\\\", "a{1,2}b", "^(a|b)", "ä", "^.rger$", "x*",
        "^\\{", "k\":\"alpha", ["^alpha$", "^beta$"],
    )),
    ("|re|i", "^ALPHA$"), ("|re|i", "ärger"), ("|re|m", "line$"), ("|re|m", "^second"), ("|re|s", "line.second"),
    ("|re|i|m|s", "^FIRST.*^SECOND"), ("|re|ignorecase", "^alphabet"), ("|re|multiline", "^second line$"), ("|re|dotall", "^f.*e$"),
    ("|re|all", ["^al", "ha$"]), ("|re|contains", "lph"), ("|re|startswith", "^al"), ("|re|endswith", "ha$"),
    # networks
    *(("|cidr", value) for value in (
        "10.1.2.3/32", "10.1.2.0/24", "10.0.0.0/12", "10.0.0.0/13", "0.0.0.0/0", "10.16.0.0/12", "2001:db8::/32", "2001:db8::/33",
        "2001:db8:8000::/33", "::/0", "::1/128", "::/128", "::ffff:0:0/96", "2001:db8::1", "10.1.2.3", "2001:db8::/127", "::ffff:10.0.0.0/104",
        ["10.16.0.0/16", "::1/128"], "2001:db8:1:2:3:4:5:0/112",
    )),
    # numbers
    *((f"|{operator}", value) for operator in ("gt", "gte", "lt", "lte") for value in (10, 10.5, 0, -3)),
    ("|gt", 111122223332), ("|lt", 1e3), ("|gte|all", [10, 11]),
    # presence
    ("|exists", True), ("|exists", False),
    # negated items
    ("|neq", "alpha"), ("|neq", ["alpha", "beta"]), ("|neq", None), ("|neq", 10), ("|contains|neq", "alpha"), ("|re|neq", "a"),
    ("|neq|contains", "a"), ("|contains|all|neq", ["al", "ha"]), ("|cidr|neq", "10.0.0.0/8"), ("|gt|neq", 10), ("|neq", ""),
    # encodings
    ("|base64", "mimikatz"), ("|base64offset|contains", "mimikatz"), ("|base64offset|contains", ["mimikatz", "cmd"]),
    ("|wide", "cmd"), ("|utf16be", "cmd"), ("|utf16", "cmd"), ("|wide|base64", "cmd"), ("|utf16|base64", "cmd"),
    ("|wide|base64offset|contains", "cmd"), ("|base64|contains", "mimikatz"),
    ("|windash|contains", " -enc"), ("|windash|contains", " /enc "), ("|windash|contains|all", [" -enc", "tool"]), ("|contains|windash", "-enc"),
    # parts of times
    ("|minute", 45), ("|hour", 17), ("|day", 9), ("|week", 10), ("|week", 1), ("|month", 3), ("|year", 2025), ("|hour|gte", 17), ("|hour", [0, 17]),
)
"""What is asked of `requestParameters.v`: modifiers, and the value or values."""

OF_FIELDS: tuple[tuple[str, object], ...] = (
    *((f"{V}.k", value) for value in ("alpha", "beta", None, ["alpha", "delta"], "al*")),
    (f"{V}.K", "alpha"), (f"{V}.k|exists", True), (f"{V}.k|exists", False), (f"{V}.k|all", ["alpha", "beta"]),
    (f"{V}.k|contains", "pha"), (f"{V}.k.k.k", "alpha"), (f"{V}.k.k", None), (f"{V}.k|re", "^.$"), (f"{V}.other", 1), (f"{V}.k|neq", "alpha"),
    ("requestParameters.V", "alpha"), ("requestParameters.w", "alpha"), ("requestParameters.w", None), ("RequestParameters.v", "alpha"),
    ("requestParameters", None), ("requestParameters|exists", True), ("requestParameters|exists", False), ("requestParameters", "alpha"),
    ("requestParameters|contains", '"k":"alpha"'), ("requestParameters|contains", "mimikatz"), ("requestParameters|re", "^\\{\\}$"),
    ("requestParameters", "{}"), ("responseElements.user.tags.value", "ALPHA"), ("responseElements.user.tags.key|exists", True),
    ("resources.ARN", "arn:aws:s3:::one"), ("resources.ARN|endswith", ["one", "two"]), ("resources.ARN|endswith|all", ["one", "two"]),
    ("resources.type", None), ("resources", None), ("resources|exists", True), ("resources.type|exists", False),
    ("errorCode", "accessdenied"), ("errorCode", None), ("errorCode", ""), ("errorCode", ["", None]), ("errorCode|contains", "denied"),
    ("errorCode|endswith", "UnauthorizedOperation"), ("errorCode|exists", True), ("errorCode|exists", False), ("errorCode|cased", "AccessDenied"),
    ("errorCode|re", "^[aA]ccess"), ("errorCode|re|i", "^ACCESS"), ("errorCode|neq", "AccessDenied"), ("errorCode", "*"), ("errorCode", "?*"),
    ("errorCode|neq", None), ("readOnly", True), ("readOnly", "true"), ("readOnly", "FALSE"), ("readOnly", None), ("readOnly|exists", True),
    ("readOnly|neq", True), ("userAgent", "100% PURE_agent"), ("userAgent|contains", "% "), ("userAgent|contains", "_"), ("userAgent", None),
    ("userAgent|startswith", "aws-cli/"), ("userAgent|re", "^aws-cli/\\d"), ("userAgent|contains|all", ["aws", "cli"]), ("userAgent", [None, "100*"]),
    ("sourceIPAddress|cidr", "198.51.100.0/24"), ("sourceIPAddress|cidr", "2001:db8::/32"), ("sourceIPAddress|cidr", ["192.0.2.0/24", "::/0"]),
    ("sourceIPAddress", "*.amazonaws.com"), ("sourceIPAddress|cidr|neq", "0.0.0.0/0"),
    ("userIdentity.type", "assumedrole"), ("userIdentity.type", "AWSService"), ("userIdentity.userName", None), ("userIdentity.userName|exists", False),
    ("userIdentity.sessionContext.sessionIssuer.arn|endswith", ":role/deploy"), ("userIdentity.sessionContext.attributes.mfaAuthenticated", "false"),
    ("userIdentity.sessionContext.attributes.mfaAuthenticated", False), ("userIdentity.arn|contains", "/Run-"), ("userIdentity.arn|contains|cased", "/run-"),
    ("userIdentity.accountId", 111122223333), ("userIdentity.invokedBy|exists", True), ("userIdentity|contains", '"type":"AWSService"'),
    ("recipientAccountId", 111122223333), ("recipientAccountId", "111122223333"), ("recipientAccountId|neq", 111122223333),
    ("eventName", "UpdateFunctionCode"), ("eventName", "UpdateFunctionCode20150331v2"), ("eventName", "updatefunctioncode20160101"),
    ("eventName|startswith", "UpdateFunctionCode"), ("eventName|startswith", "UpdateFunctionCode2015"), ("eventName|endswith", "Code"),
    ("eventName|endswith", "v2"), ("eventName", "Update*v?"), ("eventName|re", "^UpdateFunctionCode\\d{8}"), ("eventName|re", "Code$"),
    ("eventName", None), ("eventName|exists", False), ("eventName|cased", "updatefunctioncode"), ("eventName|contains", "list"), ("eventName", "*"),
    ("eventName|contains", "_05_"), ("eventName|neq", "ListUsers"), ("eventName", ["ListUsers", "UpdateFunctionCode20150331"]), ("eventName", "L?stUsers"),
    ("eventName|re|neq", "^List"), ("eventName", ""), ("eventName|cased", "ListUsers"), ("eventName|cased", "UpdateFunctionCode20150331v2"), ("eventName|contains|all", ["Update", "Code"]),
    ("eventID", "alpha"), ("eventID|startswith", "ipv6-"), ("eventID|neq", "alpha"), ("eventTime|startswith", "2025-03-01T10:00:0"), ("eventTime|minute", 1),
    ("eventTime|hour|lt", 11), ("eventSource", "iam.amazonaws.com"), ("awsRegion|re", "^us-(east|west)-1$"), ("managementEvent", True), ("eventVersion", "1.08"),
    ("tlsDetails.tlsVersion", "tlsv1.3"), ("tlsDetails.tlsVersion", None), ("tlsDetails|exists", True), ("customField", "ALPHA"), ("customList", 5),
    ("customList|all", ["alpha", 5]), ("customNull", None), ("customNull|exists", True), ("customfield|exists", True), ("absent|contains", "a"),
    ("requestParameters.userName|fieldref", "requestParameters.groupName"), ("requestParameters.userName|fieldref", "requestParameters.names"),
    ("requestParameters.names|fieldref", "requestParameters.tags"), ("requestParameters.path|fieldref|contains", "requestParameters.userName"),
    ("requestParameters.path|fieldref|startswith", "requestParameters.userName"), ("requestParameters.path|fieldref|contains", "requestParameters.tags"),
    ("requestParameters.userName|fieldref|neq", "requestParameters.groupName"), ("userAgent|fieldref", "eventSource"), ("userAgent|fieldref|neq", "eventSource"),
    ("userIdentity.arn|fieldref|endswith", "userIdentity.userName"), ("requestParameters.absent|fieldref", "requestParameters.missing"),
    ("requestParameters.userName|fieldref", ["requestParameters.tags", "requestParameters.names"]), ("errorMessage|fieldref|contains", "userIdentity.userName"),
)
"""What is asked of other fields."""

KEYWORDS: tuple[object, ...] = (
    "mimikatz", "MIMIKATZ", ["mimikatz", "not authorized"], {"|all": ["mimikatz", "found"]}, {"|all": ["mimikatz", "run"]}, 'found "mimi*"',
    '"hi" at c:\\temp', r"c:\\temp", {"|re": "[Mm]imikatz (now|in)"}, {"|re": 'found "m'}, {"|cased": "Mimikatz"}, "mimi?atz", "alpha bet",
    {"|contains": "run mimi"}, "ipv6-nine", "2025-03-01t10:00:07", 10.5, "ÄRGER", "AKIAALICE", ["zzz", "yyy"], "first line\nsecond", {"|windash": " -enc"},
    {"|base64offset|contains": "mimikatz"}, {"|all": ["198.51.100.7", "alpha"]}, ["alpha", {f"{V}|contains": "bet"}],
)
"""Keywords: what stands somewhere in the record."""

A, B, C = {f"{V}|contains": "alpha"}, {f"{V}|contains": "bet"}, {"errorCode|exists": True}
CONDITIONS: tuple[str | list[str], ...] = (
    "a", "not a", "not not a", "a and b", "a or b", "a and not b", "not a and not b", "not a or b", "not (a or b)", "not (a and b)",
    "a or b and not c", "(a or b) and not c", "a and (b or c)", "((a))", "not c", "not c and not a", "1 of them", "all of them", "any of them",
    "1 of sel*", "all of sel*", "1 of sel_*", "not 1 of sel*", "not all of sel*", "a and not 1 of filter*", "all of filter*", "1 of *_one",
    "1 of filter_* or c", "a and 1 of sel* and not c", "not (1 of sel* and not b)", "(a and b) or (c and not a)", ["a", "c"], ["a and b", "not c and b"],
    "many", "not many", "maps", "not maps", "maps and not a", "nothing", "not nothing", "a and nothing", "two_fields", "not two_fields", "mixed", "not mixed",
    "maps or keys", "keys and not a", "not keys", "lists", "a and not lists", "_hidden", "a or not _hidden",
)
NAMED: Detection = {
    "a": A, "b": B, "c": C, "sel_one": {f"{V}|startswith": "al"}, "sel_two": {f"{V}|endswith": "a"}, "filter_one": {V: "alpha"}, "filter_two": {"readOnly": True},
    "many": {V: ["alpha", "beta", 10, True, None]}, "maps": [{V: "alpha"}, {V: "beta", "readOnly": True}, {"errorCode": "AccessDenied"}], "nothing": {V: None},
    "two_fields": {V: None, "errorCode": None}, "mixed": [{V: ["alpha", "ten"]}, {f"{V}.k|exists": True, f"{V}|contains": "beta"}],
    "keys": ["mimikatz", "o'hara"], "lists": [[{V: "alpha"}, {V: 10}], {V: "beta"}], "_hidden": {f"{V}|exists": True},
}
"""The selections of the conditions."""

BY_HAND: dict[str, str] = {
    "requestParameters.v: null": "null no-v no-request null-request no-elements only-null text-request !empty !space !object !zero !false !beta-and-null",
    "requestParameters.v: ''": "empty !null !no-v !space !no-elements",
    "{s: {requestParameters.v: alpha}, condition: not s}": "null no-v no-request empty ten no-elements object !alpha !Alpha !two !in-lists alphabet",
    "{s: {requestParameters.v|contains: a}, condition: not s}": "null no-v ten !alpha !object",
    "{s: {requestParameters.v|gt: 10}, condition: not s}": "null no-v alpha ten ten-text not-quite-a-number !eleven !ten-and-half !account",
    "{s: {requestParameters.v|cidr: 10.0.0.0/8}, condition: not s}": "null no-v ipv4-large ipv4-short ipv4-zeros ipv6-mapped !ipv4 !ipv4-beyond",
    "{s: {requestParameters.v|re: a}, condition: not s}": "null no-v ten empty !alpha",
    "{s: {requestParameters.v: null}, condition: not s}": "alpha empty beta-and-null object !null !no-v !no-elements",
    "{s: {errorCode: null}, condition: not s}": "denied error-empty !error-null !alpha",
    "{s: {requestParameters.v: [alpha, null]}, condition: not s}": "beta-and-null ten empty !alpha !null !no-v !no-elements",
    "requestParameters.v|neq: alpha": "null no-v ten !alpha !two",
    "requestParameters.v|neq: null": "alpha empty !null !no-v",
    "requestParameters.v|exists: true": "null empty no-elements alpha !no-v !no-request !key-other-case both-cases",
    "requestParameters.v|exists: false": "no-v no-request null-request empty-request text-request key-other-case !null",
    "requestParameters.v.k|exists: true": "object object-null objects objects-some deep !alpha !no-v !dotted",
    "requestParameters.v: ALPHA": "alpha Alpha two in-lists !alphabet !bet-alpha !object !key-other-case",
    "requestParameters.v: '*'": "alpha empty space zero false object two beta-and-null !null !no-v !no-elements !only-null",
    "requestParameters.v: '?*'": "alpha space zero !empty !null",
    "requestParameters.v: 'a*b'": "star question axb ab axyb underscore percent backslash smile combining tab nul !alpha !alphabet",
    "requestParameters.v: 'a?b'": "star question axb underscore percent backslash smile tab combining !ab !axyb !two-backslashes !nul",
    "requestParameters.v: 'a\\*b'": "star !axb !backslash-star !ab",
    "requestParameters.v: 'a\\?b'": "question !axb !star",
    "requestParameters.v: 'a\\\\*b'": "backslash two-backslashes backslash-star !star !ab",
    "requestParameters.v: 'a\\\\\\*b'": "backslash-star !star !backslash",
    "requestParameters.v: 'a\\b'": "backslash !two-backslashes !ab",
    "requestParameters.v: a_b": "underscore !axb !star",
    "requestParameters.v: a%b": "percent !axb !ab",
    "requestParameters.v|contains: '%'": "percent hundred-percent !alpha !no-v",
    "requestParameters.v|contains: '_'": "underscore !alpha",
    "requestParameters.v|startswith: 'a\\*'": "star !alpha !axb",
    "requestParameters.v: 'dir\\'": "ends-in-backslash !no-v",
    "requestParameters.v: \"x' OR '1'='1\"": "like-sql !alpha !true",
    "requestParameters.v: ÄRGER": "umlaut Umlaut !alpha",
    "requestParameters.v|cased: ÄRGER": "Umlaut !umlaut",
    "requestParameters.v: strasse": "double-s !sharp-s",
    "requestParameters.v: kelvin": "kelvin",
    "requestParameters.v|cased: kelvin": "!kelvin",
    "requestParameters.v|cased: Alphabet": "alphabet !alpha !Alpha",
    "requestParameters.v|startswith|cased: al": "alpha alpha-bet-alpha !Alpha !alphabet",
    "requestParameters.v: 10": "ten ten-text ten-point exponent-text mixed !leading-zero !not-quite-a-number !ten-and-half !zero",
    "requestParameters.v: '10'": "ten ten-text mixed !ten-point !exponent-text !leading-zero",
    "requestParameters.v: true": "true true-text mixed !false !no-v",
    "requestParameters.v: 'TRUE'": "true true-text mixed",
    "requestParameters.v|gte: 10": "ten ten-text ten-point ten-and-half eleven exponent-text account mixed large !minus !leading-zero !alpha !no-v !true",
    "requestParameters.v|lt: 0": "minus !zero !no-v !empty !null",
    "requestParameters.v|all: [alpha, beta]": "two !alpha !beta-and-null",
    "requestParameters.v|contains|all: [bet, alpha]": "bet-alpha alpha-bet-alpha alphabet two !alpha",
    "requestParameters.v.k: alpha": "object objects object-lists objects-in-lists !object-cases !deep !dotted !objects-some",
    "requestParameters.v.K: alpha": "object-cases !object",
    "requestParameters.V: alpha": "key-other-case both-cases !alpha",
    "requestParameters: null": "no-request null-request !empty-request !null",
    "requestParameters.v|re: '^al.*a$'": "alpha two alpha-bet-alpha !Alpha !alphabet",
    "requestParameters.v|re|i: '^AL.*A$'": "alpha Alpha !alphabet",
    "requestParameters.v|re: line.second": "!lines",
    "requestParameters.v|re|s: line.second": "lines",
    "requestParameters.v|re|m: ^second": "lines",
    "requestParameters.v|re: ^second": "!lines",
    "requestParameters.v|re: '^(10|true)$'": "ten ten-text true mixed !true-text !eleven",
    "requestParameters.v|cidr: 10.0.0.0/12": "ipv4 ipv4-edge !ipv4-beyond !ipv4-zeros !ipv4-large !ipv4-short !ipv4-port !ipv6-mapped",
    "requestParameters.v|cidr: 2001:db8::/33": "ipv6 ipv6-long ipv6-full-gap !ipv6-half !ipv6-two-gaps !ipv6-nine !ipv6-wide-group !ipv6-words",
    "requestParameters.v|cidr: '::/0'": "ipv6 ipv6-mapped ipv6-loopback ipv6-all-zero !ipv4 !ipv6-words !ipv6-nine !empty",
    "requestParameters.v|cidr: '::ffff:10.0.0.0/104'": "ipv6-mapped !ipv4",
    "requestParameters.userName|fieldref: requestParameters.names": "refers refers-numbers refers-empty !refers-not !refers-null !no-request !alpha",
    "requestParameters.names|fieldref: requestParameters.tags": "refers !refers-not !refers-null !alpha",
    "requestParameters.path|fieldref|contains: requestParameters.userName": "refers refers-empty !refers-not !refers-null",
    "requestParameters.absent|fieldref: requestParameters.missing": "!alpha !no-request !refers",
    "{s: {requestParameters.userName|fieldref: requestParameters.groupName}, condition: not s}": "no-request refers-not refers-null !refers !refers-numbers",
    "eventName: UpdateFunctionCode": "dated undated !alpha !no-name",
    "eventName: UpdateFunctionCode20150331v2": "dated undated",
    "eventName|re: '20150331v2$'": "dated !undated",
    "eventName|startswith: UpdateFunctionCode2015": "dated !undated",
    "{s: {eventName: ListUsers}, condition: not s}": "no-name dated undated !alpha",
    "{s: [mimikatz], condition: s}": "keyword-text keyword-nested keyword-key !alpha !encoded",
    "{s: ['\"hi\" at c:\\temp'], condition: s}": "keyword-nested !double-quote",
    "{s: {'|all': [mimikatz, found]}, condition: s}": "keyword-text !keyword-nested",
    "{s: [mimikatz], condition: not s}": "alpha no-request !keyword-text",
    "requestParameters.v|windash|contains: ' -enc'": "dash slash en-dash !inner-dash !no-v",
    "requestParameters.v|base64offset|contains: mimikatz": "encoded encoded-inside !keyword-text",
    "requestParameters.v|utf16|base64: cmd": "utf16-encoded !wide-encoded",
    "requestParameters.v|week: 10": "moment !january !no-moment !ten",
    "{a: {requestParameters.v: alpha}, _b: {readOnly: true}, condition: all of them}": "alpha !writes !ten",
    "{a: {requestParameters.v: alpha}, b: {errorCode: AccessDenied}, condition: not a and b or a}": "alpha denied !ten",
}
"""What is asked of the records, and some that fit and, behind `!`, some that do not."""
# fmt: on


def cases() -> list[Case]:
    """Every selection as it is and negated, and every condition."""
    selections: list[object] = [
        *({V + modifiers: value} for modifiers, value in OF_V),
        *({key: value} for key, value in OF_FIELDS),
        *KEYWORDS,
    ]
    asked = [
        Case(f"{word}{selection!r}", {"s": selection, "condition": f"{word}s"})
        for selection in selections
        for word in ("", "not ")
    ]
    return asked + [Case(str(condition), {**used(condition), "condition": condition}) for condition in CONDITIONS]


def used(condition: str | list[str]) -> Detection:
    """The selections that a condition names; all but the odd ones where it says `them`."""
    text = condition if isinstance(condition, str) else " ".join(condition)
    if "them" in text:
        return {"a": A, "b": B, "_c": C}
    return dict(NAMED)
