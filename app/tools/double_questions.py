"""A warning about questions that ask two things at once: one answer cannot say which was found. Pure.

It looks for pairs of the kinds that audit tools have: two judgements ("regular and good"), two people
("parents and child"), two records ("a chronology and a genogram"), two questions ("held regularly, and what
was their quality?"). It knows names of one thing with an "and" in them. It only warns: the writer of
the tool decides.
"""

import re

_ONE_THING = (
    "(?:views, )?(?:wishes|thoughts|views|hopes) and (?:feelings|wishes|fears)",
    "parents? and carers?",
    "(?:children|child) and (?:young (?:people|person)|adolescents?)",
    "child(?:ren)?(?:'s)? and famil(?:y|ies)(?='s)? (?:assessments?|services?|teams?|courts?|practitioners?)",
    "family and friends",
    "friends and family",
    "brothers and sisters",
    "(?:mother|parent) and (?:baby|child) (?:units?|placements?)",
    "safe and well",
    "health and safety",
    "checks and balances",
    "plan and review meetings?",
    "between [^,?]{1,60}? and",
    "where (?:appropriate|possible|necessary|relevant|needed|applicable|known)",
)
"""Names of one thing, and turns of phrase, with an "and" or a question word but no second question."""

_ASKING = "what|how|who|whom|which|why|when|where|whether"
_AUXILIARY = "was|were|is|are|did|does|do|has|have|had|can|could|will|would|should|that"

_PERSON = (
    "(?:foster |birth |step)?(?:child(?:ren)?|young (?:person|people)|parents?|mothers?|fathers?|mum|dad"
    "|carers?|famil(?:y|ies)|siblings?|grandparents?|relatives|guardians?|social workers?|key workers?|chair"
    "|(?:team |line |group )?managers?|(?:independent )?reviewing officers?|health visitors?|school nurses?"
    "|schools?|teachers?|gp|police|professionals|agencies|partners?|(?:personal )?advisers?)(?:'s?)?"
)
_RECORD = (
    "(?:plans?|assessments?|chronolog(?:y|ies)|genograms?|minutes|reviews?|reports?|visits?|conferences?|referrals?"
    "|supervision|meetings?|contracts?|agreements?|case notes?)"
)
_MEASURE = (
    "(?:quality|frequency|timeliness|regularity|accuracy|completeness|impact|effectiveness|content|purpose|number"
    "|length|outcomes?)"
)
_VERB = (
    "(?:visit|see|record|speak|talk|consider|review|share|assess|discuss|listen|respond|challenge|act|involve"
    "|inform|contact|meet|hold|identify|address|analyse|agree|check|understand|monitor|evaluate)"
)
_NO_ADVERB = "family|only|early|likely|daily|weekly|fortnightly|monthly|yearly|supply|reply|apply"
_ADVERB = rf"(?!(?:{_NO_ADVERB})\b)[a-z]{{2,}}ly"
_PARTICIPLE = (
    r"(?:(?!(?:need|feed|speed|indeed|seed|exceed|proceed)\b)[a-z]{2,}ed"
    "|held|seen|made|kept|given|taken|sent|met|written|told|shown|done|understood|heard|spoken to|fed back)"
)
_JUDGEMENT = (
    "(?:regular|good|poor|clear|timely|specific|measurable|recent|complete|accurate|up to date|sufficient"
    "|appropriate|effective|robust|thorough|proportionate|relevant|current|frequent|consistent|realistic"
    "|achievable|adequate|analytical|balanced|concise|legible|prompt|purposeful|child-focused|evident|present"
    "|in place|well|available|of (?:a )?(?:[a-z]+ )?(?:quality|standard)"
    f"|{_ADVERB}|{_PARTICIPLE})"
)
_DETERMINER = "(?:the |a |an |their |his |her |its |any |all |both |other |each )?"
_AND = "(?: ?,)? and (?:also |then |not |well |fully |clearly )?"
_PAIRS = (_PERSON, _RECORD, _MEASURE, _VERB)

_DOUBLE = tuple(
    re.compile(pattern)
    for pattern in (
        r"\band ?/ ?or\b",
        r"\bas well as\b",
        r"\bboth\b [^?]{1,60}? and [a-z]+",
        r"\bnot only\b [^?]{1,80}? but also",
        r"\?[^?]*[a-z][^?]*\?",
        rf"[a-z-]+,? (?:and|or|but),? (?:if so,? |also |then )?(?:{_ASKING}|{_AUXILIARY}) [a-z]+",
        rf"\b{_PERSON} ?/ ?{_PERSON}(?<!carers)(?<!carer)\b",
        rf"\b{_JUDGEMENT}(?: alone)?{_AND}{_JUDGEMENT}\b",
        *(rf"\b{kind}{_AND}{_DETERMINER}(?:[a-z]+ )?{kind}\b" for kind in _PAIRS),
        r"[a-z-]+,? and (?:a|an|the|their|his|her|its|any) [a-z-]+",
    )
)

_THREE_PEOPLE = re.compile(rf"\b{_PERSON}, {_DETERMINER}{_PERSON},? and {_DETERMINER}{_PERSON}\b")
_NAMES = re.compile("|".join(rf"\b(?:{name})\b" for name in _ONE_THING))
_ASKED_TOGETHER = re.compile(rf"\b(?:{_ASKING})(?:(?:,| and| or|, and|, or) (?:by )?(?:{_ASKING}))+\b")


def two_in_one(text: str) -> str | None:
    """Return the words of a question that seem to ask two things at once; None if it asks one."""
    asked = " ".join(text.lower().replace("’", "'").replace("&", " and ").split())
    if double := _THREE_PEOPLE.search(asked):
        return double.group()
    # the name of one thing is replaced by a word that belongs to no pair
    asked = _NAMES.sub("it", asked)
    asked = _ASKED_TOGETHER.sub("when", asked)
    for pattern in _DOUBLE:
        if double := pattern.search(asked):
            return double.group().strip(" ,?")
    return None
