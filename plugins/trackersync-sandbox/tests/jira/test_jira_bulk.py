"""Bulk edits: one set of values for many issues, as tasks that are carried out in their order."""

import pytest

FIELDS = "/rest/api/3/bulk/issues/fields"
SCORE = "customfield_10033"


@pytest.fixture
def site(serving, new_ticket):
    """CORE-1 to CORE-9, of which each is watched by as many as its number."""

    def make(**options):
        options["lacking"] = frozenset(options.get("lacking", ()))
        tickets = [new_ticket(n, labels=["bug", "p-P1"], watches={"watchCount": n}) for n in range(1, 10)]
        return serving(*tickets, **options)

    return make


def submit(api, *issues, actions=(), **values):
    payload = {"selectedIssueIdsOrKeys": list(issues), "editedFieldsInput": values}
    quiet = payload.get("editedFieldsInput").pop("quiet", None)
    payload |= {"selectedActions": list(actions)} | ({} if quiet is None else {"sendBulkNotification": not quiet})
    return api("POST", FIELDS, json=payload)


def score(api, *issues, value=7, **options):
    return submit(api, *issues, actions=[SCORE], clearableNumberFields=[{"fieldId": SCORE, "value": value}], **options)


def progress(api, task="10000"):
    return api.get(f"/rest/api/3/bulk/queue/{task}")


def mails(api):
    return api.http.get("/_sandbox/notifications").json["jira"]


class TestValues:
    def test_every_issue_gets_the_values_and_keeps_what_is_not_named(self, site):
        api = site()
        labels = [
            {"fieldId": "labels", "bulkEditMultiSelectFieldOption": "REMOVE", "labels": [{"name": "p-P1"}]},
            {"fieldId": "labels", "bulkEditMultiSelectFieldOption": "ADD", "labels": [{"name": "p-P0"}]},
        ]
        answer = submit(
            api,
            "CORE-1",
            "10002",
            actions=["labels", "priority", SCORE, "customfield_10031"],
            labelsFields=labels,
            priority={"priorityId": "1"},
            clearableNumberFields=[{"fieldId": SCORE, "value": 7}],
            singleSelectFields=[{"fieldId": "customfield_10031", "option": {"optionId": 1003101}}],
        )
        assert answer.status_code == 201
        for key in ("CORE-1", "CORE-2"):
            fields = api.fields(key)
            assert (fields["labels"], fields["priority"]["id"], fields[SCORE]) == (["bug", "p-P0"], "1", 7)
            assert fields["customfield_10031"]["value"] == "High"
        assert api.fields("CORE-3")["labels"] == ["bug", "p-P1"]

    def test_values_can_be_cleared(self, site):
        api = site()
        score(api, "CORE-1")
        score(api, "CORE-1", value=None)
        labels = [{"fieldId": "labels", "bulkEditMultiSelectFieldOption": "REMOVE_ALL", "labels": []}]
        submit(api, "CORE-1", actions=["labels"], labelsFields=labels)
        assert (api.fields("CORE-1")[SCORE], api.fields("CORE-1")["labels"]) == (None, [])

    def test_labels_can_be_replaced(self, site):
        api = site()
        labels = [{"fieldId": "labels", "bulkEditMultiSelectFieldOption": "REPLACE", "labels": [{"name": "new"}]}]
        submit(api, "CORE-1", actions=["labels"], labelsFields=labels)
        assert api.fields("CORE-1")["labels"] == ["new"]


class TestTasks:
    def test_a_task_is_done_at_once(self, site):
        api = site()
        score(api, "CORE-1", "CORE-2", "CORE-99")
        told = progress(api)
        assert (told["status"], told["processedAccessibleIssues"]) == ("COMPLETE", [10001, 10002])
        assert (told["invalidOrInaccessibleIssueCount"], told["totalIssueCount"]) == (1, 3)

    def test_a_slow_task_writes_nothing_before_it_is_done_and_those_before_it_are_done_first(self, site):
        api = site(bulk_polls=2)
        score(api, "CORE-1", value=1)
        score(api, "CORE-1", "CORE-2", value=2)
        assert [progress(api, "10001")["status"] for _ in range(2)] == ["RUNNING", "RUNNING"]
        assert api.fields("CORE-1")[SCORE] is None
        assert progress(api, "10001")["status"] == progress(api, "10001")["status"] == "COMPLETE"
        assert api.fields("CORE-1")[SCORE] == 2

    def test_an_issue_that_cannot_be_edited_is_told_with_the_reason_and_the_others_are_written(self, site):
        api = site(lacking={"EDIT_ISSUES@CORE-2"})
        score(api, "CORE-1", "CORE-2")
        told = progress(api)
        assert told["failedAccessibleIssues"] == {"10002": ["You do not have permission to edit this issue."]}
        assert (api.fields("CORE-1")[SCORE], api.fields("CORE-2")[SCORE]) == (7, None)

    def test_a_value_that_an_issue_does_not_take_is_told_for_it(self, site):
        api = site()
        labels = [{"fieldId": "labels", "bulkEditMultiSelectFieldOption": "ADD", "labels": [{"name": "two words"}]}]
        submit(api, "CORE-1", actions=["labels"], labelsFields=labels)
        assert "contains spaces" in progress(api)["failedAccessibleIssues"]["10001"][0]

    def test_a_sixth_task_is_refused_while_five_are_under_way(self, site):
        api = site(bulk_polls=1)
        for number in range(1, 6):
            assert score(api, f"CORE-{number}").status_code == 201
        assert score(api, "CORE-6").status_code == 400
        for _ in range(2):
            progress(api, "10004")
        assert score(api, "CORE-6").status_code == 201

    def test_a_search_sees_a_bulk_edit_as_late_as_any_other(self, site):
        api = site(search_lag=60)
        score(api, "CORE-1")
        assert api.keys('"Priority Score" = 7') == []
        api.advance(60_000)
        assert api.keys('"Priority Score" = 7') == ["CORE-1"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("issues", "actions", "values"),
        [
            ([], [SCORE], {"clearableNumberFields": [{"fieldId": SCORE, "value": 1}]}),
            (["CORE-1"] * 1001, [SCORE], {"clearableNumberFields": [{"fieldId": SCORE, "value": 1}]}),
            (["CORE-1"], [], {"clearableNumberFields": [{"fieldId": SCORE, "value": 1}]}),
            (["CORE-1"], [SCORE, "labels"], {"clearableNumberFields": [{"fieldId": SCORE, "value": 1}]}),
            (["CORE-1"], ["nothing"], {"clearableNumberFields": [{"fieldId": "nothing", "value": 1}]}),
            (["CORE-1"], ["votes"], {"clearableNumberFields": [{"fieldId": "votes", "value": 1}]}),
            (["CORE-1"], [SCORE], {"clearableNumberFields": [{"fieldId": SCORE, "value": "1"}]}),
            (["CORE-1"], [SCORE], {"numberFields": [{"fieldId": SCORE, "value": 1}]}),
        ],
    )
    def test_what_makes_no_sense_is_refused_whole(self, site, issues, actions, values):
        api = site()
        assert submit(api, *issues, actions=actions, **values).status_code == 400
        assert api.fields("CORE-1")[SCORE] is None

    def test_a_field_off_the_screen_is_no_bulk_edit(self, site):
        api = site(lacking={"Priority Score"})
        assert score(api, "CORE-1").status_code == 400
        assert SCORE not in [one["id"] for one in api.get(f"{FIELDS}?issueIdsOrKeys=CORE-1")["fields"]]

    def test_without_the_permission_nothing_is_done(self, site):
        api = site(lacking={"BULK_CHANGE"})
        assert score(api, "CORE-1").status_code == 400
        assert api("GET", f"{FIELDS}?issueIdsOrKeys=CORE-1").status_code == 403

    def test_data_center_has_no_bulk_edits(self, site):
        assert score(site(deployment="data_center"), "CORE-1").status_code == 404


class TestFields:
    def test_the_fields_are_told_in_pages(self, serving, new_ticket):
        more = {f"customfield_{number}": 1 for number in range(20000, 20060)}
        api = serving(new_ticket(1, **more))
        first = api.get(f"{FIELDS}?issueIdsOrKeys=CORE-1")
        second = api.get(f"{FIELDS}?issueIdsOrKeys=CORE-1&startingAfter={first['startingAfter']}")
        assert (len(first["fields"]), "startingAfter" in second) == (50, False)
        assert len({one["id"] for one in first["fields"] + second["fields"]}) == 50 + len(second["fields"])

    def test_a_field_that_cannot_be_edited_in_bulk_says_so(self, site):
        (due,) = site().get(f"{FIELDS}?issueIdsOrKeys=CORE-1&searchText=due")["fields"]
        assert "unavailableMessage" in due


class TestMail:
    def test_an_edit_sends_one_to_each_watcher(self, site):
        api = site()
        api.put("CORE-3", fields={SCORE: 1})
        assert mails(api) == 3

    def test_an_edit_that_changes_nothing_sends_none(self, site):
        api = site()
        api.put("CORE-3", fields={"labels": ["bug", "p-P1"]})
        assert mails(api) == 0

    def test_a_quiet_edit_sends_none_where_the_account_may_ask_that(self, site):
        api = site()
        api("PUT", "/rest/api/3/issue/CORE-3?notifyUsers=false", json={"fields": {SCORE: 1}})
        assert (mails(api), api.fields("CORE-3")[SCORE]) == (0, 1)

    def test_a_bulk_edit_sends_one_for_all_issues_and_a_quiet_one_none(self, site):
        api = site()
        score(api, "CORE-1", "CORE-3", quiet=True)
        assert mails(api) == 0
        score(api, "CORE-2", "CORE-4")
        assert mails(api) == 4

    def test_counting_starts_again(self, site):
        api = site()
        api.put("CORE-3", fields={SCORE: 1})
        assert api.http.post("/_sandbox/notifications/reset").json == {"jira": 0}
        assert mails(api) == 0


def test_permissions_can_be_lacking_in_one_project_and_for_one_issue(site):
    api = site(lacking={"EDIT_ISSUES@CORE-2", "ADMINISTER_PROJECTS@CORE"})

    def held(key, asked):
        answer = api.get(f"/rest/api/3/mypermissions?permissions={key}&{asked}")
        return answer["permissions"][key]["havePermission"]

    assert [held("EDIT_ISSUES", f"issueKey=CORE-{number}") for number in (1, 2)] == [True, False]
    assert not held("ADMINISTER_PROJECTS", "projectKey=CORE")
    assert api.put("CORE-2", fields={SCORE: 1}).status_code == 403
    assert api.put("CORE-1", fields={SCORE: 1}).status_code == 204
