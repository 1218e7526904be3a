"""Networks that many share: the office of a company and the way out of its machines accuse nobody."""

from dataclasses import replace

from investigator.domain.words import Actor, Role, Verdict
from tests.support.matters import history, judged
from tests.support.story import key_of, told

ALICE = history("09:00 alice s3:ListBuckets from 203.0.113.40")
WEIGHTY = "03:00 alice iam:CreateAccessKey(carol) -> AKIACAROL2000001 from 198.51.100.7"
NAT = "198.51.100.20"


def colleagues(*names, days=30):
    """Others who call from the office that is new for alice."""
    return tuple(
        replace(event, id=f"{event.id}{name}")
        for name in names
        for event in history(f"10:00 {name} s3:ListBuckets from 198.51.100.99", days=days)
    )


def roles(assessed):
    return {entity.value: entity.role for entity in assessed.entities}


def test_a_weighty_call_from_a_network_that_nobody_knows_is_suspicious():
    assessed = judged((*ALICE, *colleagues("bob"), *told(WEIGHTY)))

    assert roles(assessed)[key_of("alice")] is Role.COMPROMISED


def test_a_network_that_several_colleagues_have_long_used_is_not():
    assessed = judged((*ALICE, *colleagues("bob", "dave", "erin"), *told(WEIGHTY)))

    assert not any(role.accused for role in roles(assessed).values())
    assert assessed.verdict.value not in (Verdict.CONFIRMED, Verdict.LIKELY)


def test_failed_sign_ins_and_outsiders_vouch_for_no_network():
    """Whoever guesses the passwords of three people, or is of another account, is none of the company."""
    guesses = tuple(
        replace(event, id=f"{event.id}{name}")
        for name in ("bob", "dave", "erin")
        for event in history(f"10:00 {name} signin:ConsoleLogin failed from 198.51.100.99")
    )
    partners = tuple(replace(event, identity="AWSAccount") for event in colleagues("bob", "dave", "erin"))

    for others in (guesses, partners):
        assert roles(judged((*ALICE, *others, *told(WEIGHTY))))[key_of("alice")] is Role.COMPROMISED


def test_guesses_before_the_start_do_not_make_the_intruders_network_the_users_own():
    guesses = history("02:00 alice signin:ConsoleLogin failed from 198.51.100.7")

    assert roles(judged((*ALICE, *guesses, *told(WEIGHTY))))[key_of("alice")] is Role.COMPROMISED


def as_role(events, account="111122223333"):
    """The same calls by a session of the role Admin in an account."""
    role = f"arn:aws:iam::{account}:role/Admin"
    return tuple(
        replace(
            event,
            id=f"{event.id}{account}",
            identity="AssumedRole",
            principal=role,
            issuer=role,
            session="hana",
            user="",
            arn=f"{role.replace(':iam', ':sts').replace('role', 'assumed-role')}/hana",
            actor=Actor.ROLE,
            account=account,
        )
        for event in events
    )


def test_what_the_same_role_does_in_other_accounts_is_not_new_in_this_one():
    """One permission set is a role in every account."""
    home, call = as_role(ALICE), as_role(told(WEIGHTY))
    used = history("11:00 carol iam:CreateAccessKey(dave) -> AKIADAVE00000000001 from 203.0.113.41")
    elsewhere = as_role(used, "444455556666")
    lately = as_role(used[-3:], "444455556666")

    assert roles(judged((*home, *call)))[key_of("alice")] is Role.COMPROMISED
    assert not roles(judged((*home, *elsewhere, *call))).get(key_of("alice"), Role.UNKNOWN).accused
    assert roles(judged((*home, *lately, *call)))[key_of("alice")] is Role.COMPROMISED


def test_colleagues_who_appeared_there_this_week_vouch_for_nothing():
    assessed = judged((*ALICE, *colleagues("bob", "dave", "erin", days=3), *told(WEIGHTY)))

    assert roles(assessed)[key_of("alice")] is Role.COMPROMISED


def test_a_named_key_is_judged_by_its_own_networks_alone():
    assessed = judged((*ALICE, *colleagues("bob", "dave", "erin"), *told(WEIGHTY)), key=key_of("alice"))

    assert roles(assessed)[key_of("alice")] is Role.COMPROMISED


ALICE_MAKES = "03:00 alice iam:CreateUser(svc) from 198.51.100.7"


def bob_launches(address):
    return told(f"04:00 bob ec2:RunInstances from {address}")


def bobs_life():
    return history("09:30 bob s3:ListBuckets from 203.0.113.41")


def apart(address):
    """Two people with one lesser effect each: alice from one strange network, bob from this one."""
    launches = tuple(replace(event, id="ct:bob") for event in bob_launches(address))
    return judged((*ALICE, *bobs_life(), *told(ALICE_MAKES), *launches))


def test_lesser_effects_of_two_strangers_do_not_add_up():
    assert apart("192.0.2.9").verdict.value not in (Verdict.CONFIRMED,)


def test_those_from_one_network_do():
    assert apart("198.51.100.8").verdict.value is Verdict.CONFIRMED


def test_one_lesser_effect_from_a_strange_network_is_no_verdict():
    assert judged((*ALICE, *told(ALICE_MAKES))).verdict.value is Verdict.INCONCLUSIVE


def machine(name, event, number):
    """The call as one of an instance's role."""
    return replace(
        event, identity="AssumedRole", arn=f"arn:aws:sts::111122223333:assumed-role/web/{name}", user="", session=name,
        principal="arn:aws:iam::111122223333:role/web", issuer="arn:aws:iam::111122223333:role/web",
        key=f"ASIAWEB{number:09d}", actor=Actor.WORKLOAD, id=f"{event.id}{name}",
    )  # fmt: skip


def story(*fellows, days=10):
    """An instance calls from an address that a key of an old server has, too; fellows called from there before."""
    calls = told(f"09:00 server ec2:DescribeInstances from {NAT}\n09:05 AKIAX s3:GetObject(acme-data) from {NAT}")
    before = history(f"08:00 AKIAX s3:ListBuckets from {NAT}", days=days)
    earlier = tuple(machine(name, event, n) for n, name in enumerate(fellows, 2) for event in before)
    return judged((*earlier, calls[0], machine("i-0abc", calls[1], 1)), bucket="acme-data")


def test_a_machine_on_the_address_of_a_person_left():
    assert roles(story("i-0def"))["ASIAWEB000000001"] is Role.COMPROMISED


def test_a_machine_on_the_way_out_of_its_network_did_not():
    assert roles(story("i-0def", "i-0123")).get("ASIAWEB000000001", Role.UNKNOWN) is not Role.COMPROMISED


def test_machines_that_appeared_there_this_week_vouch_for_nothing():
    """Whoever takes a role chooses the name of its session, and may call it like an instance."""
    assert roles(story("i-0def", "i-0123", days=3))["ASIAWEB000000001"] is Role.COMPROMISED
