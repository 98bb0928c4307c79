"""What queries find."""

import pytest

PEOPLE = {name: {"name": name, "displayName": name.title()} for name in ("ada", "bob")}


@pytest.fixture
def site(serving, new_ticket):
    return serving(
        new_ticket(
            1, "Crash at start", priority={"id": "1", "name": "Highest"}, labels=["Crash", "ios"],
            assignee=PEOPLE["ada"], votes={"votes": 5}, watches={"watchCount": 2}, description="It crashes.",
            components=[{"id": "7", "name": "Core UI"}], fixVersions=[{"id": "9", "name": "1.0"}],
            customfield_10016=3, customfield_10031="High", duedate="2026-03-01", environment="Windows 11",
        ),
        new_ticket(
            2, "Slow list", priority={"id": "4", "name": "Low"}, labels=["android"], assignee=PEOPLE["bob"],
            votes={"votes": 0}, watches={"watchCount": 0}, customfield_10016=8.0, customfield_10031={"value": "Low"},
            issuetype={"id": "2", "name": "Story", "subtask": False}, parent={"key": "CORE-1"},
            comment={"comments": [{"body": "needs a profile"}], "total": 1}, reporter=PEOPLE["ada"],
        ),
        new_ticket(
            3, "Done thing", status="Done", resolution={"id": "1", "name": "Fixed"},
            resolutiondate="2026-02-02T00:00:00.000+0000", customfield_12310001="note", customfield_12310002=["Tag"],
            customfield_12310003=[{"value": "Box"}], customfield_12310004=4, customfield_12310005=None,
        ),
        new_ticket(4, "Elsewhere", project="WEB", status="In Progress"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("jql", "found"),
    [
        ("project = CORE", "1 2 3"),
        ("project = 10000 AND project = 'core PROJECT'", "1 2 3"),
        ("project != CORE", "4"),
        ("project in (CORE, WEB)", "1 2 3 4"),
        ("key = CORE-2", "2"),
        ("issuekey in (core-2, 10003)", "2 3"),
        ("id != 10001", "2 3 4"),
        ("key > CORE-1", "2 3"),
        ("issue <= CORE-2", "1 2"),
        ("key is not EMPTY", "1 2 3 4"),
        ("status = 'to do'", "1 2"),
        ("status = 5", "3"),
        ("statusCategory != Done", "1 2 4"),
        ("statusCategory in (new, 'In Progress')", "1 2 4"),
        ("issuetype = Story", "2"),
        ("type != Story", "1 3 4"),
        ("priority = Highest", "1"),
        ("priority != Highest", "2"),
        ("priority not in (Highest)", "2"),
        ("priority is EMPTY", "3 4"),
        ("priority in (Highest, EMPTY)", "1 3 4"),
        ("priority not in (Highest, EMPTY)", "2"),
        ("priority = EMPTY", "3 4"),
        ("labels = crash", "1"),
        ("labels != crash", "2"),
        ("labels in (ios, android)", "1 2"),
        ("labels is EMPTY", "3 4"),
        ("NOT labels = crash", "2"),
        ("NOT (labels = crash OR labels is EMPTY)", "2"),
        ("NOT (labels = crash AND status = Done)", "1 2 4"),
        ("NOT (NOT labels = crash)", "1"),
        ("component = 'core ui'", "1"),
        ("component is EMPTY", "2 3 4"),
        ("fixVersion = 1.0", "1"),
        ("assignee = ada", "1"),
        ("assignee = Ada", "1"),
        ("assignee is EMPTY", "3 4"),
        ("assignee = currentUser()", ""),
        ("reporter = ada", "2"),
        ("resolution = Unresolved", "1 2 4"),
        ("resolution != Unresolved", "3"),
        ("resolution in (Unresolved, Fixed)", "1 2 3 4"),
        ("resolution = Fixed", "3"),
        ("votes > 0", "1"),
        ("votes = 0", "2"),
        ("votes is EMPTY", "3 4"),
        ("watchers >= 2", "1"),
        ('"Story Points" >= 3', "1 2"),
        ('"story points" < 8', "1"),
        ("cf[10016] = 8", "2"),
        ("'Story Points' is EMPTY", "3 4"),
        ("NOT 'Story Points' > 3", "1"),
        ("Impact = high", "1"),
        ("Impact != high", "2"),
        ("Impact in (High, Low)", "1 2"),
        ("cf[12310001] ~ note", "3"),
        ("cf[12310002] = tag", "3"),
        ("cf[12310003] = box", "3"),
        ("cf[12310004] > 3", "3"),
        ("cf[12310005] is EMPTY", "1 2 3 4"),
        ("summary ~ crash", "1"),
        ("summary ~ 'cra*'", "1"),
        ("summary ~ cra", ""),
        (r'summary ~ "\"at start\""', "1"),
        (r'summary ~ "\"start at\""', ""),
        ("summary ~ 'start crash'", "1"),
        ("summary ~ '?!'", ""),
        (r'summary ~ "\"?\""', ""),
        ("summary !~ crash", "2 3 4"),
        ("description ~ crashes", "1"),
        ("description !~ crashes", ""),
        ("description is EMPTY", "2 3 4"),
        ("environment ~ windows", "1"),
        ("text ~ windows", "1"),
        ("comment ~ profile", "2"),
        ("parent = CORE-1", "2"),
        ("parent is EMPTY", "1 3 4"),
        ("created >= 1767348000000", "2 3 4"),
        ("created < '2026-01-02 20:01'", "1 2"),
        ("created = '2026/01/02 20:00'", "2"),
        ("createdDate <= '2026-01-02'", "1"),
        ("updated > '2026/02/02'", "2 3 4"),
        ("updated >= -1h", ""),
        ("updated <= now()", "1 2 3 4"),
        ("updated < '10w 3d'", "1 2 3 4"),
        ("created > startOfDay() OR created > now()", ""),
        ("created < startOfDay() AND created < startOfWeek() AND updated < startOfMonth()", "1 2 3 4"),
        ("created < startOfYear() OR created >= startOfYear()", "1 2 3 4"),
        ("due = 2026-03-01", "1"),
        ("duedate < 2026-03-01", ""),
        ("due is EMPTY", "2 3 4"),
        ("resolved >= 2026-02-01", "3"),
    ],
)  # fmt: skip
def test_a_query_finds(site, jql, found):
    assert [key.rpartition("-")[2] for key in site.keys(f"{jql} ORDER BY id")] == found.split()


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("key", "1 2 3 4"),
        ("key DESC", "4 3 2 1"),
        ("id", "1 2 3 4"),
        ("priority DESC, key", "3 4 1 2"),
        ("priority, key", "2 1 3 4"),
        ("status, key DESC", "3 4 2 1"),
        ("statusCategory, key", "1 2 4 3"),
        ("issuetype DESC, key", "2 1 3 4"),
        ("'Story Points' DESC, key", "3 4 2 1"),
        ("Impact, key", "1 2 3 4"),
        ("assignee, key", "1 2 3 4"),
        ("component, key", "1 2 3 4"),
        ("resolution, key", "3 1 2 4"),
        ("due, key", "1 2 3 4"),
        ("votes, key", "2 1 3 4"),
        ("created DESC", "4 3 2 1"),
        ("updated", "1 2 3 4"),
        ("summary", "1 3 4 2"),
        ("Rank", "1 2 3 4"),
        ("Rank DESC", "4 3 2 1"),
        ("parent, key", "2 1 3 4"),
    ],
)
def test_an_order_sorts_with_the_empty_last_unless_it_descends(site, order, found):
    assert [key.rpartition("-")[2] for key in site.keys(f"project in (CORE, WEB) ORDER BY {order}")] == found.split()


def test_without_an_order_the_newest_come_first(site):
    assert site.keys("project = CORE") == ["CORE-3", "CORE-2", "CORE-1"]


@pytest.mark.parametrize(
    ("jql", "message"),
    [
        ("foo = 1", "Field 'foo' does not exist or you do not have permission to view it."),
        ("attachment is EMPTY", "Field 'attachment' does not exist or you do not have permission to view it."),
        ("project = CORE ORDER BY foo", "Not able to sort using field 'foo'."),
        ("project = NONE", "The value 'NONE' does not exist for the field 'project'."),
        ("status in (Open)", "The value 'Open' does not exist for the field 'status'."),
        ("priority = Urgent", "The value 'Urgent' does not exist for the field 'priority'."),
        ("assignee = nobody", "The value 'nobody' does not exist for the field 'assignee'."),
        ("Impact = Huge", "The value 'Huge' does not exist for the field 'Impact'."),
        ("key = CORE-99", "An issue with key 'CORE-99' does not exist for field 'key'."),
        ("key < CORE-99", "An issue with key 'CORE-99' does not exist for field 'key'."),
        ("parent = CORE-99", "An issue with key 'CORE-99' does not exist for field 'parent'."),
        ("id in (77)", "A value with ID '77' does not exist for the field 'key'."),
        ("summary = x", "The operator '=' is not supported by the 'summary' field."),
        ("project ~ x", "The operator '~' is not supported by the 'project' field."),
        ("Rank > CORE-1", "The operator '>' is not supported by the 'Rank' field."),
        ("votes > EMPTY", "The operator '>' does not support searching for EMPTY values."),
        ("summary ~ EMPTY", "The operator '~' does not support searching for EMPTY values."),
        ("votes > many", "The value 'many' is not a valid number for the field 'votes'."),
        ("status = currentUser()", "Unable to find JQL function 'currentUser()'."),
        ("labels = f(a, b)", "Unable to find JQL function 'f(a, b)'."),
        ("due < endOfTime()", "Unable to find JQL function 'endOfTime()'."),
        ("due < now(1)", "Unable to find JQL function 'now(1)'."),
        *(
            (
                f"updated > '{date}'",
                (
                    f"Date value '{date}' for field 'updated' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
                    "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
                ),
            )
            for date in ("yesterday", "2026-02-30", "-5y", "", "999999w", "1767348000000")
        ),
    ],
)
def test_what_a_field_does_not_take_is_refused_in_jiras_words(site, jql, message):
    assert site.refused(jql) == message


def test_data_center_can_be_asked_to_pass_over_values_that_are_gone(server):
    jql = "id in (10001, 999) OR key > GONE-1 OR status = Gone"
    answer = server("GET", "/rest/api/2/search", query_string={"jql": jql, "validateQuery": "false"})
    assert [issue["key"] for issue in answer.json["issues"]] == ["CORE-1"]
    assert server.refused(jql) == "A value with ID '999' does not exist for the field 'key'."


def test_on_data_center_people_are_found_by_user_name_and_epics_by_their_field(server):
    assert server.keys("assignee = kim AND reporter = kim ORDER BY key") == ["CORE-6", "CORE-25"]
    assert server.keys("'Epic Link' = CORE-16 ORDER BY key") == ["CORE-17", "CORE-18"]
