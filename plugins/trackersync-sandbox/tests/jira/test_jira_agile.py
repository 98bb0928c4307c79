import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def rank_of(api, key):
    return api.fields(key, 2)["customfield_10019"]


class TestRank:
    def test_issues_move_before_or_after_another_in_the_order_given(self, three):
        assert three.rank("CORE-3", "CORE-2", rankBeforeIssue="CORE-1").status_code == 204
        assert three.order == ["CORE-3", "CORE-2", "CORE-1"]
        assert three.rank("10003", rankAfterIssue="10002", rankCustomFieldId=10019).status_code == 204
        assert three.order == ["CORE-2", "CORE-3", "CORE-1"]
        assert three.keys("project = CORE ORDER BY Rank") == three.order

    def test_only_the_moved_issue_gets_another_rank_and_no_time_moves(self, three):
        before = {key: three.fields(key) for key in three.order}
        three.rank("CORE-3", rankAfterIssue="CORE-1", rankCustomFieldId=None)
        after = {key: three.fields(key) for key in three.order}
        assert before.pop("CORE-3") | {"customfield_10019": rank_of(three, "CORE-3")} == after.pop("CORE-3")
        assert before == after

    def test_moving_to_where_it_stands_keeps_the_order(self, three):
        three.rank("CORE-2", rankAfterIssue="CORE-1")
        three.rank("CORE-2", "CORE-2", rankBeforeIssue="CORE-3")
        assert three.order == ["CORE-1", "CORE-2", "CORE-3"]

    def test_what_cannot_be_ranked_is_told_issue_by_issue_and_the_rest_moves(self, three):
        answer = three.rank("CORE-3", "CORE-99", rankBeforeIssue="CORE-1")
        said = ["Issue does not exist or you do not have permission to see it."]
        assert (answer.status_code, answer.json) == (207, {"entries": [
            {"issueId": 10003, "issueKey": "CORE-3", "status": 200},
            {"issueKey": "CORE-99", "status": 404, "errors": said},
        ]})  # fmt: skip
        assert three.order == ["CORE-3", "CORE-1", "CORE-2"]

    @pytest.mark.parametrize("place", ["CORE-3", "OPS"])
    def test_where_the_permission_is_lacking_the_issue_stays_and_the_others_move(self, serving, new_ticket, place):
        project = place.partition("-")[0]
        third = f"{project}-3"
        tickets = [new_ticket(1), new_ticket(2), new_ticket(3, project=project)]
        api = serving(*tickets, lacking=frozenset({f"SCHEDULE_ISSUES@{place}"}))
        before = api.order
        answer = api.rank(third, "CORE-2", rankBeforeIssue="CORE-1")
        assert answer.status_code == 207
        assert [entry["status"] for entry in answer.json["entries"]] == [403, 200]
        assert "Schedule Issues" in answer.json["entries"][0]["errors"][0]
        assert [key for key in api.order if key != third] == ["CORE-2", "CORE-1"]
        assert before.index(third) == api.order.index(third)

    @pytest.mark.parametrize(
        ("issues", "anchor"),
        [
            (["CORE-1"], {}),
            (["CORE-1"], {"rankBeforeIssue": "CORE-2", "rankAfterIssue": "CORE-3"}),
            (["CORE-1"], {"rankBeforeIssue": "CORE-99"}),
            (["CORE-1", "CORE-2"], {"rankBeforeIssue": "CORE-2"}),
            (["CORE-1"], {"rankBeforeIssue": "CORE-2", "rankCustomFieldId": 10016}),
            ([], {"rankBeforeIssue": "CORE-2"}),
            (["CORE-1"] * 51, {"rankBeforeIssue": "CORE-2"}),
            ([1], {"rankBeforeIssue": "CORE-2"}),
        ],
    )
    def test_a_request_that_makes_no_sense_moves_nothing(self, three, issues, anchor):
        assert three.rank(*issues, **anchor).status_code == 400
        assert three.order == ["CORE-1", "CORE-2", "CORE-3"]

    def test_ranks_that_grow_too_long_are_dealt_out_anew_in_the_same_order(self, three):
        for turn in range(900):
            moved, anchor = ("CORE-2", "CORE-3") if turn % 2 else ("CORE-3", "CORE-2")
            three.rank(moved, rankBeforeIssue=anchor)
        assert three.order == ["CORE-1", "CORE-2", "CORE-3"]
        assert max(len(rank_of(three, key)) for key in three.order) <= 160
        assert rank_of(three, "CORE-1").startswith("1|")

    @pytest.mark.parametrize("ranks", [("0|i00007:", "0|i00007:0"), ("0|000000:", "0|000001:")])
    def test_ranks_of_files_that_leave_no_room_are_dealt_out_anew(self, serving, new_ticket, ranks):
        api = serving(*(new_ticket(n, customfield_10019=rank) for n, rank in enumerate(ranks, 1)), new_ticket(3))
        assert api.rank("CORE-3", rankBeforeIssue="CORE-2").status_code == 204
        assert api.order == ["CORE-1", "CORE-3", "CORE-2"]
        assert api.rank("CORE-2", rankBeforeIssue="CORE-1").status_code == 204
        assert api.order == ["CORE-2", "CORE-1", "CORE-3"]


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_any_moves_give_the_order_that_lists_would(data):
    from trackersync_sandbox.jira.catalog import Catalog
    from trackersync_sandbox.jira.lexorank import spread
    from trackersync_sandbox.jira.site import Site
    from trackersync_sandbox.jira.ticket import Ticket

    fields = {"project": {"id": "1", "key": "A"}, "status": {"id": "1"}}
    tickets = [Ticket(n, f"A-{n}", fields, 0, 0, rank) for n, rank in enumerate(spread(None, None, 8))]
    site, wanted = Site("cloud", Catalog(epic_link=False), tickets, {}, {}), list(tickets)
    for _ in range(data.draw(st.integers(1, 30))):
        moving = data.draw(st.lists(st.sampled_from(tickets), min_size=1, max_size=7, unique=True))
        rest = [ticket for ticket in wanted if ticket not in moving]
        anchor, before = data.draw(st.sampled_from(rest)), data.draw(st.booleans())
        site.rank(moving, anchor, before=before)
        place = rest.index(anchor) + (not before)
        wanted = rest[:place] + moving + rest[place:]
        assert site.ordered() == wanted == sorted(tickets, key=lambda ticket: ticket.rank)


class TestBoards:
    def test_the_board_of_the_built_in_backlog_is_number_twelve(self, either):
        (board,) = either.get("/rest/agile/1.0/board?projectKeyOrId=CORE&type=kanban&name=core")["values"]
        assert board["id"] == 12
        found = either.get("/rest/agile/1.0/board/12/configuration")
        assert found["ranking"] == {"rankCustomFieldId": 10019}
        assert [column["name"] for column in found["columnConfig"]["columns"]] == ["To Do", "In Progress", "Done"]
        assert either.get("/rest/agile/1.0/board/12")["location"]["projectKey"] == "CORE"

    @pytest.mark.parametrize("asked", ["type=scrum", "name=other", "projectKeyOrId=OTHER"])
    def test_boards_can_be_asked_for(self, cloud, asked):
        assert cloud.get(f"/rest/agile/1.0/board?{asked}")["total"] == 0

    def test_every_project_of_files_has_a_board(self, serving, new_ticket):
        api = serving(new_ticket(1), new_ticket(1, project="WEB"), board={"boards": {"WEB": {"id": 12, "name": "W"}}})
        found = api.get("/rest/agile/1.0/board?maxResults=1")
        assert (found["total"], found["isLast"], found["values"][0]["name"]) == (2, False, "W")
        assert api.get("/rest/agile/1.0/board/13")["name"] == "CORE board"

    @pytest.mark.parametrize("board", ["99", "x"])
    def test_other_boards_are_not_found(self, cloud, board):
        assert cloud("GET", f"/rest/agile/1.0/board/{board}/configuration").status_code == 404
