"""Seals, proofs and witnesses from the command line."""

import stat

import pytest

from tests.desk.conftest import Desk
from tests.strangers import octets, tampers, with_another
from tests.vault.conftest import RECORD, Asof, fixings


def rewrite(url: str) -> None:
    """What somebody does who can write to the database, and knows how a ledger is kept."""
    from ledger.seal.tree import Frontier, leaf_hash
    from tests.strangers import asks

    tampers(url, f"UPDATE facts SET state = {with_another(url, '0.06', '0.07')} WHERE position = 3")
    leaves = [leaf_hash(bytes(state)) for (state,) in asks(url, "SELECT state FROM facts ORDER BY position")]
    tree = Frontier().add(*leaves)
    tampers(
        url,
        f"UPDATE facts SET leaf_hash = {octets(url, leaves[2])} WHERE position = 3",
        f"UPDATE head SET frontier = {octets(url, tree.to_bytes())}",
    )


# --- keys ------------------------------------------------------------------------------------------------------------


def test_a_key_is_for_its_owner_alone_and_is_not_overwritten(desk: Desk) -> None:
    assert desk("keygen example.com/ledger -o log.key").stdout.startswith("example.com/ledger+")
    file = desk.folder / "log.key"
    before = file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = desk("keygen example.com/ledger -o log.key")
    assert (again.code, again.stderr) == (
        2,
        "There is a file at log.key already. It was left as it is. Name another. [key_exists]\n",
    )
    assert file.read_bytes() == before


def test_a_key_comes_with_its_public_half(desk: Desk) -> None:
    data = desk("keygen example.com/ledger --format json").data
    assert (data["private_file"], data["public_file"]) == ("asof.key", "asof.pub")
    assert (desk.folder / "asof.pub").read_text(encoding="utf-8") == f"{data['key']}\n"
    assert data["key"] not in (desk.folder / "asof.key").read_text(encoding="utf-8")


def test_the_first_seal_makes_a_key_that_everything_else_finds(desk: Desk) -> None:
    desk.write("record.yaml", RECORD)
    desk("init")
    desk("record record.yaml")
    first = desk("seal")
    assert first.stderr == (
        "Made a key: asof.key signs, so keep it from whoever can write to the ledger; asof.pub is for those who "
        "check.\n"
        "Kept in asof-checkpoints/000000000003.checkpoint.\n"
    )
    assert stat.S_IMODE((desk.folder / "asof.key").stat().st_mode) == 0o600
    assert desk("seal").stderr == "Kept in asof-checkpoints/000000000003.checkpoint.\n"
    desk.write("proof", desk("prove 2").stdout)
    assert desk("verify-proof proof --format json").data["proven"] is True
    assert desk("verify --checkpoint asof-checkpoints/000000000003.checkpoint").code == 0
    assert desk("replay --format json").data["checked"]["checkpoints"] == 1


def test_a_key_that_is_named_is_not_made(desk: Desk) -> None:
    desk("init")
    outcome = desk("seal --signing-key absent.key")
    assert (outcome.code, outcome.stderr) == (
        2,
        "absent.key cannot be read: No such file or directory. Name a file that can. [no_such_file]\n",
    )


def test_a_name_that_no_key_can_have_is_refused(desk: Desk) -> None:
    outcome = desk("keygen 'two words' -o log.key")
    assert (outcome.code, outcome.stderr) == (
        2,
        "A key was to be named 'two words'. Name it like a URL without its scheme, such as example.com/ledger: "
        "no spaces, no plus. [key_name]\n",
    )
    assert desk.files() == {}


# --- sealing and verifying -------------------------------------------------------------------------------------------


def test_a_seal_is_kept_outside_of_the_ledger_and_is_the_same_each_time(asof: Asof, desk: Desk) -> None:
    first = asof("seal")
    assert first.code == 0
    assert (desk.folder / "asof-checkpoints" / "000000000003.checkpoint").read_text(encoding="utf-8") == first.stdout
    assert asof("seal").stdout == first.stdout
    data = asof("seal --format json").data
    assert (data["origin"], data["position"], data["checkpoint"]) == ("example.com/ledger", 3, first.stdout)
    assert data["root"] == asof("verify --format json").data["root"]


def test_a_ledger_is_verified_against_its_checkpoints(asof: Asof, desk: Desk) -> None:
    asof("seal")
    desk.write("more.jsonl", fixings(10))
    asof("record more.jsonl")
    asof("seal")
    outcome = asof("verify --checkpoint asof-checkpoints/000000000003.checkpoint --format json")
    assert (outcome.code, outcome.data["differences"]) == (0, [])


def test_a_rewriting_that_hides_itself_well_is_found_by_a_checkpoint(asof: Asof, url: str) -> None:
    asof("seal")
    before = asof("verify --format json").data["root"]
    rewrite(url)
    hidden = asof("verify --format json")
    assert (hidden.code, hidden.data["differences"]) == (0, []), "which is why checkpoints are kept elsewhere"
    found = asof("verify --checkpoint asof-checkpoints/000000000003.checkpoint --format json")
    assert (found.code, found.data["differences"]) == (
        1,
        [
            f"The root of the first 3 facts is {hidden.data['root']}, and was {before} when it was sealed: "
            "they are not what they were."
        ],
    )


def test_a_log_that_was_cut_short_is_found_by_a_checkpoint(asof: Asof, url: str) -> None:
    asof("seal")
    tampers(url, "DELETE FROM facts WHERE position = 3")
    outcome = asof("verify --checkpoint asof-checkpoints/000000000003.checkpoint --format json")
    assert outcome.code == 1
    assert "A checkpoint is of 3 facts, and the log has 2." in outcome.data["differences"]


def test_a_log_that_is_not_what_was_sealed_is_not_sealed_again(asof: Asof, desk: Desk, url: str) -> None:
    asof("seal")
    rewrite(url)
    desk.write("more.jsonl", fixings(1))
    asof("record more.jsonl")
    outcome = asof("seal")
    assert (outcome.code, outcome.stderr) == (
        2,
        "A checkpoint of 4 facts was to be sealed. The log does not begin with the 3 facts that were sealed. "
        "Run `asof verify`, and go on from a copy if the ledger was changed. [not_consistent]\n",
    )


def test_a_checkpoint_that_another_signed_counts_for_nothing(asof: Asof, desk: Desk) -> None:
    asof("seal")
    other = desk("keygen example.com/ledger -o other.key").stdout.strip()
    outcome = asof(f"verify --checkpoint asof-checkpoints/000000000003.checkpoint --log-key {other} --format json")
    assert outcome.code == 1
    assert "is no checkpoint of this log. example.com/ledger did not sign" in outcome.data["differences"][0]


def test_a_checkpoint_is_not_compared_without_a_key(asof: Asof, monkeypatch: pytest.MonkeyPatch) -> None:
    asof("seal")
    monkeypatch.delenv("ASOF_LOG_KEY")
    outcome = asof("verify --checkpoint asof-checkpoints/000000000003.checkpoint")
    assert (outcome.code, outcome.stderr) == (
        2,
        "There is a checkpoint, asof-checkpoints/000000000003.checkpoint, and no key to check it with. "
        "Give the log's public key with --log-key or $ASOF_LOG_KEY. [no_log_key]\n",
    )


# --- proofs ----------------------------------------------------------------------------------------------------------


def test_a_fact_is_proven_to_be_in_the_log(asof: Asof, desk: Desk) -> None:
    asof("seal")
    desk.write("two.tlog-proof", asof("prove 2").stdout)
    outcome = desk("verify-proof two.tlog-proof")
    assert outcome.code == 0
    proven, at, fact, root = outcome.stdout.splitlines()
    assert (proven, at) == ("Proven.", "example.com/ledger holds this entry at position 2 of 3:")
    assert fact.startswith('{"event":"act_taken.v1","effective":"2001-09-15"')
    assert root == f"Its root at that size is {asof('verify --format json').data['root']}."


def test_a_proof_is_given_and_checked_as_json_too(asof: Asof, desk: Desk) -> None:
    asof("seal")
    given = asof("prove 2 --format json").data
    assert (given["proves"], given["since"], given["position"], len(given["path"])) == (2, None, 3, 2)
    desk.write("two.tlog-proof", given["proof"])
    assert given["proof"] == asof("prove 2").stdout
    checked = desk("verify-proof two.tlog-proof --format json")
    assert (checked.code, checked.data["proven"], checked.data["why_not"]) == (0, True, None)
    desk.write("two.tlog-proof", given["proof"].replace("index 1", "index 0"))
    checked = desk("verify-proof two.tlog-proof --format json")
    assert (checked.code, checked.data["proven"], checked.data["says"]) == (1, False, [])
    assert checked.data["why_not"] == "The path does not lead to the root that was signed."


def test_a_proof_that_was_changed_proves_nothing(asof: Asof, desk: Desk) -> None:
    asof("seal")
    desk.write("two.tlog-proof", asof("prove 2").stdout.replace("index 1", "index 0"))
    outcome = desk("verify-proof two.tlog-proof")
    assert (outcome.code, outcome.stdout) == (1, "Not proven. The path does not lead to the root that was signed.\n")


def test_a_log_is_proven_to_have_grown(asof: Asof, desk: Desk) -> None:
    desk.write("old", asof("seal").stdout)
    desk.write("more.jsonl", fixings(10))
    asof("record more.jsonl")
    asof("seal")
    desk.write("grown", asof("prove --since 3").stdout)
    outcome = desk("verify-proof grown --old old")
    assert outcome.stdout.startswith("Proven.\nexample.com/ledger only grew, from 3 entries to 13.\n")


def test_what_is_not_sealed_is_not_proven(asof: Asof) -> None:
    outcome = asof("prove 2")
    assert (outcome.code, outcome.stderr) == (
        2,
        "No checkpoint reaches position 2. Seal the ledger with `asof seal`, or name the folder with --checkpoints. "
        "[not_sealed]\n",
    )


@pytest.mark.parametrize("line", ["prove", "prove 2 --since 1"])
def test_one_thing_is_proven_at_a_time(asof: Asof, line: str) -> None:
    outcome = asof(line)
    assert (outcome.code, "Name a position, or give --since." in outcome.stderr) == (2, True)


@pytest.mark.parametrize("command", ["prove 1", "verify-proof record.yaml", "witness record.yaml --keep kept"])
def test_without_the_public_key_nothing_is_proven_or_checked(
    asof: Asof, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.delenv("ASOF_LOG_KEY")
    outcome = asof(command)
    assert (outcome.code, outcome.stdout, outcome.stderr) == (
        2,
        "",
        "Missing option '--log-key' (env var: 'ASOF_LOG_KEY'). There is no asof.pub here, either. "
        f"See `asof {command.split()[0]} --help`. [usage]\n",
    )


def test_a_log_did_not_grow_from_less_than_nothing(asof: Asof) -> None:
    assert asof("prove --since -1").stderr == (
        "Invalid value for '--since': -1 is not in the range x>=0. See `asof prove --help`. [usage]\n"
    )


def test_a_witness_signs_and_is_asked_for(asof: Asof, desk: Desk) -> None:
    key = desk("keygen witness.example/w1 --witness -o witness.key").stdout.strip()
    asof("seal")
    desk.write("request", asof("prove --since 0").stdout)
    signed = desk("witness request --keep last --signing-key witness.key")
    assert signed.code == 0
    assert (desk.folder / "last").read_text(encoding="utf-8") == signed.stdout
    (desk.folder / "asof-checkpoints" / "000000000003.checkpoint").write_text(signed.stdout, encoding="utf-8")
    desk.write("two.tlog-proof", asof("prove 2").stdout)
    assert "witness.example/w1 has seen it, at 20" in desk(f"verify-proof two.tlog-proof --witness {key}").stdout
    assert asof("seal").stdout == signed.stdout, "the signature of the witness is kept"


def test_a_witness_does_not_sign_what_did_not_grow(asof: Asof, desk: Desk, url: str) -> None:
    desk("keygen witness.example/w1 --witness -o witness.key")
    asof("seal")
    desk.write("request", asof("prove --since 0").stdout)
    desk("witness request --keep last --signing-key witness.key")
    (desk.folder / "asof-checkpoints" / "000000000003.checkpoint").unlink()
    rewrite(url)
    desk.write("more.jsonl", fixings(10))
    asof("record more.jsonl")
    asof("seal")
    desk.write("request", asof("prove --since 3").stdout)
    kept = (desk.folder / "last").read_bytes()
    outcome = desk("witness request --keep last --signing-key witness.key")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "The path does not lead from the root that was signed earlier to the one signed later." in outcome.stderr
    assert (desk.folder / "last").read_bytes() == kept


# --- what is refused -------------------------------------------------------------------------------------------------


def test_a_witness_seals_no_log(asof: Asof, desk: Desk) -> None:
    desk("keygen witness.example/w1 --witness -o witness.key")
    outcome = asof("seal --signing-key witness.key")
    assert (outcome.code, outcome.stderr) == (
        2,
        "The key of witness.example/w1 is a witness's, and seals no log. Make one with `asof keygen`, without "
        "--witness. [key_is_a_witness]\n",
    )


def test_a_log_is_no_witness(asof: Asof, desk: Desk) -> None:
    asof("seal")
    asof("prove --since 0 -o request")
    outcome = asof("witness request --keep last")
    assert (outcome.code, outcome.stderr) == (
        2,
        "The key of example.com/ledger is a log's. Make one with `asof keygen --witness`. [key_is_no_witness]\n",
    )
    assert not (desk.folder / "last").exists()


def test_what_is_no_key_signs_nothing_and_checks_nothing(asof: Asof, desk: Desk) -> None:
    desk.write("no.key", "no key")
    assert asof("seal --signing-key no.key").stderr == (
        "What was given as a private key is none. Make one with `asof keygen`, and name its file. [no_signing_key]\n"
    )
    asof("seal")
    outcome = asof("prove 2 --log-key no.key")
    assert (outcome.code, outcome.stderr) == (
        2,
        "'no key' is no public key: it is written as name+id+base64. `asof keygen` shows the public half of a key. "
        "[no_public_key]\n",
    )


@pytest.mark.parametrize("line", ["prove 0", "prove -- -1"])
def test_a_position_that_no_fact_has_is_not_proven(asof: Asof, line: str) -> None:
    asof("seal")
    outcome = asof(line)
    assert (outcome.code, "[no_such_position]" in outcome.stderr) == (2, True), outcome.stderr


def test_keys_and_checkpoints_that_cannot_be_written_are_told(asof: Asof, desk: Desk) -> None:
    assert asof("keygen example.com/ledger -o nowhere/log.key").stderr == (
        "nowhere/log.key cannot be written: No such file or directory. Name one where you may write. "
        "[output_unwritable]\n"
    )
    desk.write("a-file", "")
    outcome = asof("seal --checkpoints a-file/within")
    assert (outcome.code, outcome.stderr) == (
        2,
        "a-file/within cannot be written: Not a directory. Name one where you may write. [output_unwritable]\n",
    )


def test_a_checkpoint_that_is_not_text_is_told(asof: Asof, desk: Desk) -> None:
    (desk.folder / "x.checkpoint").write_bytes(b"\xff")
    outcome = asof("verify --checkpoint x.checkpoint")
    assert (outcome.code, outcome.stderr) == (
        2,
        "x.checkpoint cannot be read: it is no text in UTF-8. Name a file that can. [no_such_file]\n",
    )
