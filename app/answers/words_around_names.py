"""The words from which naming.py tells that a name stands beside them, or that none does."""


def _all(words: str) -> frozenset[str]:
    return frozenset(words.split())


RELATIVES = _all(
    """
    aunt auntie baby boy boyfriend brother called carer carers child cousin dad daddy daughter father girl
    girlfriend gran grandad grandfather grandma grandmother grandpa granny mam mother mum mummy name named
    nan nana nanny nephew niece parents partner person sibling siblings sister son stepdad stepfather
    stepmother stepmum twin twins uncle
    """
)
"""What a name follows: “her brother …”."""

MEETS = _all(
    """
    asked called help helped met named saw told visited with
    """
)
"""“… with Grace”, “told Grace”."""

ADDRESSES = _all(
    """
    explained letter listened said sent spoke spoken talked talking wrote
    """
)
"""Before “to”: “wrote to Rose”."""

SAYS = _all(
    """
    asked asks attends chose cried disclosed explained feels felt herself himself likes lived lives loves
    refused replied said says spoke tells thinks thought told wanted wants wished
    """
)
"""What only people do: “Will told …”."""

PASSIVE = _all(
    """
    been had has is was were
    """
)

DONE_TO = _all(
    """
    asked heard interviewed missing moved placed seen spoken told
    """
)
"""After “was” or “had been”: “May was seen”."""

OF_A_PERSON = _all(
    """
    aunt bedroom behaviour birthday boyfriend brother brothers carer carers cousin dad family father
    father's feelings grandfather grandmother mother mother's mum own parent parents partner school sibling
    siblings sister sisters social uncle view views voice wishes
    """
)
"""What people have: “Amber's mother”."""

TITLES = _all(
    """
    master miss mr mrs ms mx
    """
)
"""A surname follows."""

PROFESSIONAL_TITLES = _all(
    """
    cllr councillor dame doctor dr hhj judge lord prof professor saint sir st
    """
)
"""A name follows that is nobody's in the family; or a saint's."""

OF_A_PLACE = _all(
    """
    academy act avenue bank centre church clinic close college court crescent drive foundation grove hall
    hospital hostel house infirmary lane lodge nursery park place practice primary project road school
    square street surgery team terrace trust unit university ward way wood
    """
)
"""Makes a place of the name before: “Victoria Road”."""

NEVER_NAMES = _all(
    """
    adequate advocate all also and another as assessment assistant at auditor auditors barnardo's benefit
    birth both britain british but by camhs carer's catholic chair child's childline children chinese
    christmas concern conference consultant core council court december department deputy director diwali
    doctor duty each easter eid either eldest emergency england english every everybody everyone
    exploitation extended families family february file for foster friday from good group guardian he head
    health her hindu his housing how i ics if in inadequate independent indian initial interpreter ireland
    irish it its january july legal line liquidlogic looked manager many march midwife monday mosaic most
    muslim need needs neither no nobody none not november nspcc nurse october of officer older on one only
    or other outstanding paediatrician pakistan pakistani panel parent people plan police polish practice
    principal protection public ramadan record report requires review reviewing reviews roma romanian
    safeguarding saturday school scottish section see senior september service services she sikh so social
    solicitor somali some somebody someone staff subject sunday supervisor support teacher team that the
    their there these they this those three thursday to traveller tuesday two unborn visitor wales we
    wednesday welsh what when where which who whole why wider with worker workers yes young younger youngest
    """
)
"""Words that stand with a capital where a name could."""

KNOWN_LETTERS = _all(
    """
    AM CA CE CO CP DA DC DOB DS DV EH EP EU FC FS GP HR HV ID IRO ISC IT LA NHS OK PA PC PE PM PR SG SGO SW
    TM TV UK YP
    """
)
"""Abbreviations that look like initials."""
