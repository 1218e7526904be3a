"""Whom a policy in a request lets in, as SQL over the text of the request: everyone, unless a condition limits it.

A request may hold the policy as an object or as JSON in a text, so quotes may stand behind backslashes.
"""

GAP = r"(?:\s|\\+[nrt])*"
_LIMITS = (
    "aws:(?:SourceArn|SourceAccount|SourceOwner|SourceOrgID|SourceVpc|SourceVpce|SourceIp|PrincipalOrgID|PrincipalAccount"
    "|PrincipalArn|PrincipalOrgPaths|VpcSourceIp|userid)|kms:(?:CallerAccount|ViaService)|s3:DataAccessPointAccount"
)
_STAR = rf'(?i)(?:principal|aws|federated)\\*"{GAP}:{GAP}(?:\[{GAP})?\\*"\*'
_PIECE = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
"""A statement with its condition is three maps deep; what is less deep may hold several of them."""
_EFFECT, _ALLOWS = r'(?i)effect\\*"', rf'(?i)effect\\*"{GAP}:{GAP}\\*"allow'
_LIMITED = rf'(?i)(?:{_LIMITS})\\*"{GAP}:{GAP}(?:\[{GAP})?\\*"[^"*\\]'
_UNLIMITED = (
    r'(?i)(?:not(?:equals|like|ipaddress)|ifexists|forallvalues|/[0-7]\\*"'
    rf'|(?:{_LIMITS})\\*"{GAP}:{GAP}\[[^\]]*\\*"\*\\*")'
)
"""A condition that is met by what it does not name, or by all addresses."""
_IS_HARMLESS = (
    f"CASE WHEN regexp_matches(one, '{_ALLOWS}') THEN len(regexp_extract_all(one, '{_EFFECT}')) = 1"
    f" AND regexp_matches(one, '{_LIMITED}') AND NOT regexp_matches(one, '{_UNLIMITED}')"
    f" ELSE regexp_matches(one, '{_EFFECT}') END"
)
_PIECES = f"list_filter(regexp_extract_all(request, '{_PIECE}'), lambda one: {_IS_HARMLESS})"
_HARMLESS = f"coalesce(list_sum(list_transform({_PIECES}, lambda one: len(regexp_extract_all(one, '{_STAR}')))), 0)"
EVERYONE = f"(regexp_matches(request, '{_STAR}') AND len(regexp_extract_all(request, '{_STAR}')) > {_HARMLESS})"
"""SQL: the request names everyone other than in a statement that denies, or that a condition limits."""
