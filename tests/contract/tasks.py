"""Lines about tasks: a scan, a generation, the queue."""

from tests.contract.line import Data, Like, Line, Refused, done

SCAN = "mutation Scan { metadataScan(input: {}) }"
FOUND = """query Task($id: ID!) { findJob(input: {id: $id}) {
    status subTasks error description } }"""
QUEUE = "{ jobQueue { id status } }"

LINES = (
    Line(
        "a scan answers the number of its task",
        SCAN,
        Data({"metadataScan": Like(r"^\d+$")}),
        writes=True,
    ),
    Line(
        "so does a generation",
        "mutation Make { metadataGenerate(input: {covers: true}) }",
        Data({"metadataGenerate": Like(r"^\d+$")}),
        writes=True,
    ),
    Line(
        "a scan comes to its end, and can be found then",
        FOUND,
        Data(
            {
                "findJob": {
                    "status": "FINISHED",
                    "subTasks": None,
                    "error": None,
                    "description": "Scanning...",
                }
            }
        ),
        {"id": "{task}"},
        (done(SCAN, keep={"task": "metadataScan"}),),
        writes=True,
        within_s=20,
        since=(0, 26),
    ),
    Line(
        "an empty queue is null",
        QUEUE,
        Data({"jobQueue": None}),
        before=(done(SCAN),),
        writes=True,
        within_s=20,
    ),
    Line(
        "an unknown task is null",
        FOUND,
        Data({"findJob": None}),
        {"id": "{missing}"},
        since=(0, 26),
    ),
    Line(
        "a task's id that is no number is an error, and null",
        FOUND,
        Refused('strconv.Atoi: parsing "abc": invalid syntax', {"findJob": None}),
        {"id": "abc"},
        since=(0, 26),
    ),
    Line(
        "to stop an unknown task is no error",
        "mutation Stop($id: ID!) { stopJob(job_id: $id) }",
        Data({"stopJob": True}),
        {"id": "{missing}"},
        writes=True,
    ),
    Line(
        "to stop a task by a word is one",
        'mutation Stop { stopJob(job_id: "abc") }',
        Refused('converting id: strconv.Atoi: parsing "abc": invalid syntax', None),
        writes=True,
    ),
)
