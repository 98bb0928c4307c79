"""Our one comment is found for few requests, written to the letter and once; nobody else's is touched."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from trackersync.change import Change, Status, WriteTarget
from trackersync.connector import FieldNames
from trackersync.model import IssueRef
from trackersync.transport import Transport
from trackersync_jira import wiki
from trackersync_jira.comment_text import document_of, markup_of, text_of_document, text_of_markup
from trackersync_jira.connector import JiraConnector
from trackersync_jira.settings import JiraSettings

COMMENT, SCORE = WriteTarget("comment"), WriteTarget("field", "Priority Score")
ME, OTHER = {"accountId": "me", "key": "me"}, {"accountId": "ann", "key": "ann"}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n\t *_-[]{}|\\&#@!:()\r"), max_size=40)


class Talk:
    """A Jira with issues 1 to 3, and what was said on them, of which only some comes along with an issue."""

    def __init__(self, jira, tools, *, along=2):
        self.jira, self.tools, self.along = jira, tools, along
        self.said = {number: [] for number in (1, 2, 3)}
        self.ids = iter(range(1, 1000))
        for number in self.said:
            thread = f"{jira.api}/issue/{10000 + number}/comment"
            jira.http.add_callback("GET", thread, lambda request, number=number: self.page(request, number))
        if jira.cloud:
            jira.http.add_callback("POST", f"{jira.api}/comment/list", self.listed)

    def say(self, number, text, author=ME, *, ours=True):
        body = document_of(text) if self.jira.cloud else markup_of(text) if ours else text
        kept = [{"key": "trackersync", "value": True}] if ours else []
        self.said[number].append({"id": str(next(self.ids)), "author": author, "body": body, "properties": kept})
        return self.said[number][-1]["id"]

    def shown(self, comments):
        return [{key: value for key, value in each.items() if key != "properties"} for each in comments]

    def page(self, request, number):
        query = dict(parse_qsl(urlsplit(request.url).query))
        start = int(query["startAt"])
        some = self.said[number][start : start + int(query["maxResults"])]
        return 200, {}, json.dumps({"comments": self.shown(some), "total": len(self.said[number])})

    def listed(self, request):
        wanted = json.loads(request.body)["ids"]
        every = [each for said in self.said.values() for each in said if int(each["id"]) in wanted]
        return 200, {}, json.dumps({"values": every, "isLast": True})

    def issues(self):
        for number, said in self.said.items():
            page = {"comments": self.shown(said[: self.along]), "total": len(said)}
            yield self.tools.issue(number, comment=page)

    def fetch(self, connector):
        self.jira.has(*self.issues())
        before = len(self.jira.calls)
        found = connector.fetch(["10001", "10002", "10003"])
        self.asked = [path for path in self.jira.paths[before:] if "comment" in path]
        return found


@pytest.fixture
def talk(jira, tools):
    return Talk(jira, tools)


@pytest.fixture
def connector(jira, clock, tools) -> Iterator[JiraConnector]:
    with Transport(clock=clock) as transport:
        settings = JiraSettings(url=tools.url, jql="project = CORE")
        wanted = FieldNames(comment=True)
        yield JiraConnector("core", settings, transport=transport, env={"JIRA_TOKEN": "x"}, wanted=wanted)


def change(number, after, before=None, target=COMMENT):
    ref = IssueRef("core", "jira", str(10000 + number), f"CORE-{number}")
    return Change(ref=ref, target=target, before=before, after=after, reason="because")


def statuses(connector, changes, current, *, notify=True):
    return [outcome.status for outcome in connector.apply(changes, current, notify=notify)]


class TestTexts:
    @given(TEXTS)
    def test_a_document_gives_back_the_text_to_the_letter(self, text):
        assert text_of_document(json.loads(json.dumps(document_of(text)))) == text

    @given(TEXTS)
    def test_markup_gives_back_the_text_to_the_letter_whatever_the_ends_of_lines(self, text):
        assert text_of_markup(markup_of(text)) == text
        assert text_of_markup(markup_of(text).replace("\n", "\r\n") + "\r\n") == text

    @pytest.mark.parametrize(
        "text", ["*bold*", "[~ann] look", "h1. Title", "- item", "{code}", "a!b.png!", "||x||", ":-)", "@ann", "CORE-7"]
    )
    def test_markup_means_nothing_but_the_words(self, text):
        sent = markup_of(text).removesuffix("{anchor:trackersync}").rstrip()
        assert wiki.plain_text(sent) == sent
        assert not set(sent.replace("&#", "").replace(";", "")) & set("*[]~{}!|-@:()")

    def test_a_document_that_somebody_edited_is_told_by_its_words(self):
        edited = document_of("one\ntwo")
        edited["content"].insert(1, {"type": "heading", "content": [{"type": "text", "text": "New"}]})
        assert text_of_document(edited) == "one\nNew\ntwo"

    @pytest.mark.parametrize("odd", [None, 5, [], "", "text", {"type": "doc", "content": [None, {"content": 3}]}])
    def test_what_is_no_text_of_ours_does_no_harm(self, odd):
        assert text_of_markup(odd) is None
        assert isinstance(text_of_document(odd), str)


class TestFinding:
    def test_ours_is_told_with_its_id_and_nobody_elses_is(self, jira, talk, connector):
        talk.say(1, "why so?", OTHER, ours=False)
        own = talk.say(1, "Priority P1.\nBecause of *this*")
        talk.say(2, "I said so", ME, ours=False)
        talk.say(3, "a forgery", OTHER)
        found = talk.fetch(connector)
        assert [found[id_].comment for id_ in sorted(found)] == ["Priority P1.\nBecause of *this*", None, None]
        assert found["10001"].native_ids["comment"] == own
        assert found["10001"].comments is None, "nobody asked how many there are"
        assert talk.asked == ([f"POST {'/rest/api/3'}/comment/list"] if jira.cloud else [])

    def test_those_that_did_not_come_along_are_read_until_ours_is_found(self, jira, talk, connector):
        for _ in range(120):
            talk.say(1, "hm", OTHER, ours=False)
        talk.say(1, "late")
        for _ in range(5):
            talk.say(2, "hm", OTHER, ours=False)
        assert talk.fetch(connector)["10001"].comment == "late"
        api = "/rest/api/3" if jira.cloud else "/rest/api/2"
        thread = [f"GET {api}/issue/10001/comment", f"GET {api}/issue/10001/comment", f"GET {api}/issue/10002/comment"]
        assert sorted(talk.asked) == thread + ([f"POST {api}/comment/list"] if jira.cloud else [])

    def test_of_two_of_ours_the_first_counts(self, talk, connector):
        first = talk.say(1, "first")
        talk.say(1, "second")
        assert talk.fetch(connector)["10001"].native_ids["comment"] == first

    def test_nothing_of_it_is_asked_where_no_comment_is_wanted(self, jira, connect, talk):
        talk.say(1, "ours")
        assert talk.fetch(connect())["10001"].comment is None
        assert talk.asked == []
        assert "comment" not in jira.calls[-1][2].get("fields", "") + str(jira.calls[-1][3])

    def test_pages_that_never_end_do(self, jira, talk, connector, tools):
        page = {"comments": [{"id": "1", "author": OTHER}], "total": 10**9}
        jira.http.replace("GET", f"{jira.api}/issue/10001/comment", json=page)
        jira.has(tools.issue(1, comment=page))
        assert connector.fetch(["10001"])["10001"].comment is None


class TestWriting:
    def test_the_first_is_added_with_our_mark(self, jira, talk, connector):
        current = talk.fetch(connector)
        jira.http.post(f"{jira.api}/issue/10001/comment", json={"id": "9"}, status=201)
        assert statuses(connector, [change(1, "one\ntwo")], current, notify=False) == [Status.APPLIED]
        _, _, query, body = jira.calls[-1]
        assert query == {}, "Jira cannot be asked to send no mail of it"
        if jira.cloud:
            paragraphs = [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in ("one", "two")]
            document = {"type": "doc", "version": 1, "content": paragraphs}
            assert body == {"body": document, "properties": [{"key": "trackersync", "value": True}]}
        else:
            assert body == {"body": "one\n\ntwo\n\n{anchor:trackersync}"}

    @pytest.mark.parametrize("notify", [True, False])
    def test_it_is_edited_in_place_and_where_jira_can_without_mail(self, jira, talk, connector, notify):
        own = talk.say(1, "old")
        current = talk.fetch(connector)
        jira.http.put(f"{jira.api}/issue/10001/comment/{own}", json={"id": own})
        assert statuses(connector, [change(1, "new", "old")], current, notify=notify) == [Status.APPLIED]
        assert jira.calls[-1][2] == ({"notifyUsers": "false"} if jira.cloud and not notify else {})

    def test_it_is_deleted(self, jira, talk, connector):
        own = talk.say(1, "old")
        current = talk.fetch(connector)
        jira.http.delete(f"{jira.api}/issue/10001/comment/{own}", status=204)
        assert statuses(connector, [change(1, None, "old")], current) == [Status.APPLIED]

    def test_an_add_whose_answer_was_lost_is_unknown_and_not_sent_again(self, jira, talk, connector):
        current = talk.fetch(connector)
        jira.http.post(f"{jira.api}/issue/10001/comment", body=requests.ConnectionError("reset"))
        assert statuses(connector, [change(1, "text")], current) == [Status.UNKNOWN]
        assert sum(path.startswith("POST") and path.endswith("/10001/comment") for path in jira.paths) == 1
        talk.say(1, "text")
        assert talk.fetch(connector)["10001"].comment == "text"

    def test_one_that_went_away_is_a_conflict_and_one_that_is_refused_stops_no_other(self, jira, talk, connector):
        own = talk.say(1, "old")
        current = talk.fetch(connector)
        jira.http.put(f"{jira.api}/issue/10001/comment/{own}", json={"errorMessages": ["gone"]}, status=404)
        jira.http.post(f"{jira.api}/issue/10002/comment", json={"errorMessages": ["too long"]}, status=400)
        jira.http.post(f"{jira.api}/issue/10003/comment", json={"id": "9"}, status=201)
        changes = [change(1, "new", "old"), change(2, "new"), change(3, "new")]
        assert statuses(connector, changes, current) == [Status.CONFLICT, Status.REJECTED, Status.APPLIED]

    def test_the_edit_of_an_issue_comes_before_what_is_said_of_it(self, jira, talk, connector):
        current = talk.fetch(connector)
        jira.http.put(f"{jira.api}/issue/10001", status=204)
        jira.http.post(f"{jira.api}/issue/10001/comment", json={"id": "9"}, status=201)
        changes = [change(1, "text"), change(1, 7.0, target=SCORE)]
        assert statuses(connector, changes, current) == [Status.APPLIED] * 2
        assert [path.partition(" ")[0] for path in jira.paths[-2:]] == ["PUT", "POST"]


class TestForecast:
    def test_a_comment_is_a_request_of_its_own(self, connector):
        changes = [change(1, 7.0, target=SCORE), change(1, "text"), change(2, "text")]
        assert connector.forecast(changes, notify=True, ask=False).requests == 3

    def test_the_first_comment_mails_although_none_is_wanted(self, jira, talk, connector):
        changes = [change(1, "first"), change(2, "new", "old")]
        told = connector.forecast(changes, notify=False, ask=True)
        assert told.mailed == (1 if jira.cloud else 2)
        assert told.loud == "Jira tells watchers of comments"
        assert connector.forecast(changes, notify=True, ask=True).mailed == 2
