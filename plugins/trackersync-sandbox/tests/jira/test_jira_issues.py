import pytest

NO_ISSUE = {"errorMessages": ["Issue does not exist or you do not have permission to see it."], "errors": {}}
SCORE, IMPACT, NOTE = "customfield_10033", "customfield_10031", "customfield_12310001"


def off_screen(name):
    return f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."


class TestReading:
    def test_version_three_speaks_documents_where_version_two_speaks_text(self, cloud):
        text = cloud.fields("CORE-3", 2)["description"]
        document = cloud.fields("CORE-3", 3)["description"]
        assert text.endswith("Blocks: github:acme/web#5")
        assert document["content"][1]["content"] == [{"type": "text", "text": "Blocks: github:acme/web#5"}]
        assert cloud.fields("CORE-25", 3)["description"] is None

    def test_so_do_comments_and_the_environment(self, serving, new_ticket):
        comments = {"comments": [{"id": "1", "body": "hm", "author": {"name": "ada"}}, {"id": "2"}], "total": 7}
        api = serving(new_ticket(1, environment="here", comment=comments))
        found = api.fields("CORE-1", 3)
        assert found["environment"]["type"] == "doc"
        assert found["comment"]["comments"][0]["body"]["type"] == "doc"
        assert found["comment"]["comments"][0]["author"]["accountId"] == "ada"
        assert found["comment"]["total"] == found["comment"]["maxResults"] == 7
        assert api.fields("CORE-1", 2)["comment"]["comments"][0]["body"] == "hm"

    def test_files_may_hold_documents_too(self, serving, new_ticket):
        paragraph = {"type": "paragraph", "content": [{"type": "text", "text": "Hello"}]}
        api = serving(new_ticket(1, description={"type": "doc", "version": 1, "content": [paragraph]}))
        assert api.fields("CORE-1", 2)["description"] == "Hello"
        assert api.fields("CORE-1", 3)["description"]["content"] == [paragraph]

    def test_addresses_speak_the_callers_base_and_version(self, cloud):
        found = cloud.get("/rest/api/2/issue/10003", base_url="http://127.0.0.1:8484")
        assert found["self"] == "http://127.0.0.1:8484/jira/rest/api/2/issue/10003"
        assert found["fields"]["priority"]["self"] == "http://127.0.0.1:8484/jira/rest/api/2/priority/3"
        assert "sandbox.invalid" not in str(found)

    def test_links_show_the_other_issue_as_it_is_now(self, cloud):
        cloud.edit("CORE-5", state="Done")
        (link,) = cloud.fields("CORE-6")["issuelinks"]
        assert link["type"]["outward"] == "blocks"
        assert link["outwardIssue"]["key"] == "CORE-5"
        assert link["outwardIssue"]["fields"]["status"]["name"] == "Done"

    def test_links_to_issues_that_are_not_here_stay_as_the_file_has_them(self, serving, new_ticket):
        other = {"id": "77", "key": "FAR-1", "fields": {"summary": "Far", "status": {"id": "1", "name": "Open"}}}
        kind = {"id": "1", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
        api = serving(new_ticket(1, issuelinks=[{"id": "5", "type": kind, "inwardIssue": other}], subtasks=[other]))
        found = api.fields("CORE-1")
        assert found["issuelinks"][0]["inwardIssue"]["fields"]["summary"] == "Far"
        assert found["subtasks"][0]["self"].endswith("/issue/77")
        assert found["subtasks"][0]["fields"]["status"]["statusCategory"]["key"] == "new"

    def test_an_epic_is_the_parent_on_cloud_and_a_field_on_data_center(self, cloud, server):
        assert cloud.fields("CORE-17")["parent"]["key"] == "CORE-16"
        story, sub_task = server.fields("CORE-17", 2), server.fields("CORE-25", 2)
        assert (story["parent"], story["customfield_10014"]) == (None, "CORE-16")
        assert sub_task["parent"]["key"] == "CORE-6"

    def test_people_have_an_account_on_cloud_and_a_name_on_data_center(self, cloud, server):
        one, other = cloud.fields("CORE-1")["reporter"], server.fields("CORE-1", 2)["reporter"]
        assert (one["accountId"], one["displayName"], "name" in one) == ("712020:pm", "Paula Marsh", False)
        assert (other["name"], other["key"], "accountId" in other) == ("pm", "pm", False)

    def test_what_is_not_there_is_not_found(self, either):
        for method in ("GET", "PUT"):
            answer = either(method, "/rest/api/2/issue/CORE-99", json={"fields": {}})
            assert (answer.status_code, answer.json) == (404, NO_ISSUE)


class TestEditing:
    def test_labels_priority_and_fields_in_one_edit(self, cloud):
        answer = cloud.put(
            "CORE-2?notifyUsers=false",
            update={"labels": [{"add": "priority-P1"}, {"remove": "regression"}, {"add": "priority-P1"}]},
            fields={"priority": {"name": "Highest"}, SCORE: 42, IMPACT: {"value": "Low"}, "summary": "New"},
        )
        assert (answer.status_code, answer.data) == (204, b"")
        found = cloud.fields("CORE-2")
        assert found["labels"] == ["priority-P1"]
        assert found["priority"]["id"] == "1"
        assert (found[SCORE], found[IMPACT]["value"], found["summary"]) == (42.0, "Low", "New")
        assert found["updated"] > "2026-11-17T"

    def test_values_by_id_by_set_and_cleared(self, cloud):
        option = cloud.fields("CORE-3")[IMPACT]
        fields = {"priority": {"id": "2"}, "duedate": "2026-12-24", IMPACT: {"id": option["id"]}}
        assert cloud.put("CORE-2", fields=fields, update={SCORE: [{"set": 7.5}], "labels": [{"set": ["x", "y", "x"]}]})
        found = cloud.fields("CORE-2")
        assert (found["priority"]["name"], found[IMPACT], found[SCORE], found["labels"], found["duedate"]) == (
            "High", option, 7.5, ["x", "y"], "2026-12-24",
        )  # fmt: skip
        cloud.put("CORE-2", fields={"priority": None, SCORE: None, IMPACT: None, "labels": None, "description": None})
        found = cloud.fields("CORE-2")
        assert [found[name] for name in ("priority", SCORE, IMPACT, "description")] == [None] * 4
        assert found["labels"] == []

    def test_the_description_is_a_document_or_text(self, either):
        body = {"fields": {"description": "plain"}}
        assert either("PUT", "/rest/api/2/issue/CORE-2", json=body).status_code == 204
        assert either.fields("CORE-2", 2)["description"] == "plain"

    def test_the_description_is_a_document_in_version_three(self, cloud):
        document = cloud.fields("CORE-3")["description"]
        assert cloud.put("CORE-2", fields={"description": document}).status_code == 204
        assert cloud.fields("CORE-2")["description"] == document

    def test_an_edit_can_answer_with_the_issue_on_cloud(self, cloud, server):
        answer = cloud("PUT", "/rest/api/3/issue/CORE-2?returnIssue=true", json={"fields": {SCORE: 1}})
        assert (answer.status_code, answer.json["fields"][SCORE]) == (200, 1.0)
        assert server("PUT", "/rest/api/2/issue/CORE-2?returnIssue=true", json={"fields": {SCORE: 1}}).data == b""

    def test_an_edit_that_changes_nothing_leaves_the_time_alone(self, cloud):
        before = cloud.fields("CORE-2")
        assert cloud.put("CORE-2", fields={"priority": {"name": "High"}}, update={"labels": [{"add": "regression"}]})
        assert cloud.fields("CORE-2") == before

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            (SCORE, "42", "Operation value must be a number"),
            (SCORE, True, "Operation value must be a number"),
            ("priority", {"name": "Urgent"}, "Priority name 'Urgent' is not valid"),
            ("priority", {"id": "99"}, "Priority id '99' is not valid"),
            ("priority", "High", "Could not find valid 'id' or 'name' in priority object."),
            ("labels", ["a b"], "The label 'a b' contains spaces which is invalid."),
            ("labels", "a", "data was not an array"),
            ("labels", ["a", 1], "string expected at index 1"),
            ("labels", [""], "The label '' exceeds the maximum length for a single label of 255 characters."),
            (IMPACT, {"value": "Huge"}, "Option value 'Huge' is not valid"),
            (IMPACT, {"id": "1"}, "Option id '1' is not valid"),
            (IMPACT, "High", "Specify a valid 'id' or 'name' for Impact"),
            ("summary", "", "You must specify a summary of the issue."),
            ("summary", None, "You must specify a summary of the issue."),
            ("summary", "a\nb", "The summary is invalid because it contains newline characters."),
            ("summary", "x" * 256, "Summary can't exceed 255 characters."),
            ("summary", 7, "Operation value must be a string"),
            ("duedate", "tomorrow", "Error parsing date string: tomorrow"),
            (
                "description",
                "text",
                "Operation value must be an Atlassian Document (see the Atlassian Document Format)",
            ),
            ("status", {"name": "Done"}, off_screen("status")),
            ("customfield_99999", 1, off_screen("customfield_99999")),
            ("customfield_10019", "0|i00007:", off_screen("customfield_10019")),
        ],
    )
    def test_what_a_field_does_not_take_is_told_under_its_name(self, cloud, name, value, said):
        answer = cloud.put("CORE-2", fields={name: value})
        assert (answer.status_code, answer.json) == (400, {"errorMessages": [], "errors": {name: said}})

    @pytest.mark.parametrize(
        ("name", "operations", "said"),
        [
            ("labels", {"add": "x"}, "data was not an array"),
            ("labels", [{"add": "x", "remove": "y"}], "Each operation must be an object with exactly one verb"),
            ("labels", [{"edit": "x"}], "Field does not support update 'edit'"),
            (SCORE, [{"add": 1}], "Field does not support update 'add'"),
            ("labels", [{"add": "x"}, {"add": "a b"}], "The label 'a b' contains spaces which is invalid."),
        ],
    )
    def test_so_are_operations(self, cloud, name, operations, said):
        assert cloud.put("CORE-2", update={name: operations}).json["errors"] == {name: said}

    def test_one_error_keeps_all_from_being_written_and_all_are_told(self, cloud):
        before = cloud.state
        wrong = {"customfield_1": 1, "priority": {"name": "?"}}
        answer = cloud.put("CORE-2", fields={SCORE: 5, **wrong}, update={"labels": [{"add": "x"}], SCORE: [{"set": 6}]})
        assert set(answer.json["errors"]) == {*wrong, SCORE}
        assert cloud.state == before

    def test_text_fields_of_files_can_be_written(self, serving, new_ticket):
        api = serving(new_ticket(1, **{NOTE: "old"}))
        assert api.put("CORE-1", fields={NOTE: "new"}).status_code == 204
        assert api.fields("CORE-1")[NOTE] == "new"
        assert api.put("CORE-1", fields={NOTE: "x" * 32768}).json["errors"][NOTE].startswith("The entered text is too")

    def test_an_edit_of_nothing_is_refused(self, cloud):
        assert cloud.put("CORE-2").json["errorMessages"] == ["one of 'fields' or 'update' required"]
        assert cloud.put("CORE-2", fields=[]).status_code == 400
