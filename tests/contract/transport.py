"""Lines about HTTP: what is taken, what is refused, and in which type it is said."""

from tests.contract.line import Http, Like, Line, Misfit, Page, Refused

HELLO = '{"query": "{ systemStatus { status } }"}'
OK = '{"data":{"systemStatus":{"status":"OK"}}}'
JSON = {"Content-Type": "application/json"}
ANY = {"Accept": "*/*"}
WRONG_KEY = (
    ((0, 24), Page(500, "text/plain", "unauthorized\n")),
    ((0, 26), Page(401, body="", headers={"www-authenticate": "FormBased"})),
)
NO_TRANSPORT = Like("transport not supported")


def post(path: str = "/graphql", body: str = HELLO, **headers: str) -> Http:
    return Http("POST", path, JSON | headers, body)


def get(**params: str) -> Http:
    return Http("GET", "/graphql", params=params)


LINES = (
    Line(
        "JSON is answered by JSON that nobody keeps",
        post(),
        Page(200, "application/json", OK, {"cache-control": "no-store"}),
    ),
    Line(
        "a charset beside the content type is taken",
        post(**{"Content-Type": "application/json; charset=utf-8"}),
        Page(200, "application/json", OK),
    ),
    Line(
        "another content type is a 400 in plain text",
        post(**{"Content-Type": "text/plain"}),
        Page(400, "text/plain", NO_TRANSPORT),
    ),
    Line(
        "another method is a 400 in plain text",
        Http("PUT", "/graphql", JSON, HELLO),
        Page(400, "text/plain", NO_TRANSPORT),
    ),
    Line(
        "a list of questions is a 400 in JSON",
        post(body=f"[{HELLO}]"),
        Page(400, "application/json", Like("body could not be decoded")),
    ),
    Line(
        "a body that is no JSON is a 400 in JSON",
        post(body="{nope"),
        Page(400, "application/json", Like("body could not be decoded")),
    ),
    Line(
        "a body without a question is a 422 from 0.27 on",
        post(body="{}"),
        (
            ((0, 24), Page(200, "application/json", Like("operation  not found"))),
            ((0, 27), Page(422, "application/json", Like("no operation provided"))),
        ),
    ),
    Line(
        "unknown keys beside the question are let be",
        post(body='{"query": "{ systemStatus { status } }", "more": 1}'),
        Page(200, "application/json", OK),
    ),
    Line(
        "a query can be asked by GET",
        get(query="{ systemStatus { status } }"),
        Page(200, "application/json", OK),
    ),
    Line(
        "variables go with a GET as JSON",
        get(
            query="query One($id: ID!) { findTag(id: $id) { id } }",
            variables='{"id": "{missing}"}',
        ),
        Page(200, "application/json", '{"data":{"findTag":null}}'),
    ),
    Line(
        "a mutation by GET is a 406",
        get(query='mutation { tagDestroy(input: {id: "2000000000"}) }'),
        Page(406, "application/json", Like("GET requests only allow query operations")),
    ),
    Line(
        "a slash at the end of the address is let be",
        post("/graphql/"),
        Page(200, "application/json", OK),
    ),
    Line(
        "an unknown field is a 422",
        "{ systemStatus { nope } }",
        Misfit("GRAPHQL_VALIDATION_FAILED"),
    ),
    Line(
        "half a document is a 422", "{ systemStatus {", Misfit("GRAPHQL_PARSE_FAILED")
    ),
    Line(
        "a variable of another type is a 422",
        "query Tags($f: FindFilterType) { findTags(filter: $f) { count } }",
        Misfit(),
        {"f": {"per_page": "many"}},
    ),
    Line(
        "a null inside a list of ids is a 422",
        "query Tags($ids: [ID!]) { findTags(ids: $ids) { count } }",
        Misfit(),
        {"ids": [None]},
        since=(0, 25),
    ),
    Line(
        "an unknown key in an input is a 422",
        "mutation Change($i: SceneUpdateInput!) { sceneUpdate(input: $i) { id } }",
        Misfit(),
        {"i": {"id": "{missing}", "nope": 1}},
    ),
    Line(
        "a stamp as a condition for a write does not exist",
        "mutation Change($i: SceneUpdateInput!) { sceneUpdate(input: $i) { id } }",
        Misfit(),
        {"i": {"id": "{missing}", "updated_at": "2020-01-01T00:00:00Z"}},
    ),
    Line(
        "two operations without a name are a 422 from 0.27 on",
        "query A { systemStatus { status } } query B { systemStatus { os } }",
        (((0, 24), Refused("operation  not found", None)), ((0, 27), Misfit())),
    ),
    Line(
        "who takes any type gets the new one from 0.29 on",
        post(**ANY),
        (
            ((0, 24), Page(200, "application/json", OK)),
            ((0, 29), Page(200, "application/graphql-response+json", OK)),
        ),
    ),
    Line(
        "and in the new type a misfit is a 400",
        post(body='{"query": "{ nope }"}', **ANY),
        (
            ((0, 24), Page(422, "application/json")),
            ((0, 29), Page(400, "application/graphql-response+json")),
        ),
    ),
    Line(
        "a wrong key is a 401 with an empty body from 0.26 on",
        post(ApiKey="wrong"),
        WRONG_KEY,
    ),
    Line(
        "a wrong key in the address too",
        post("/graphql?apikey=wrong", ApiKey=""),
        WRONG_KEY,
    ),
    Line(
        "a picture wants the right key too",
        Http("GET", "/tag/2000000000/image", {"ApiKey": "wrong"}),
        WRONG_KEY,
    ),
    Line("the process says that it is up", Http("GET", "/healthz"), Page(200)),
    Line(
        "without a key, health is told",
        Http("GET", "/healthz", {"ApiKey": ""}),
        Page(200),
        keyed=True,
    ),
    Line(
        "without a key, a question is a 401 with an empty body",
        post(ApiKey=""),
        Page(401, body=""),
        keyed=True,
    ),
    Line(
        "a bearer's token is no key",
        post(ApiKey="", Authorization="Bearer contract"),
        Page(401, body=""),
        keyed=True,
    ),
    Line(
        "without a key, the address with a slash leads to the sign-in",
        post("/graphql/", ApiKey=""),
        Page(302, headers={"location": Like("/login")}),
        keyed=True,
    ),
    Line(
        "another address is the page, whatever is asked",
        post("/stash/graphql"),
        Page(200, "text/html"),
    ),
    Line(
        "a file that is not there is a 404",
        Http("GET", "/nope.js"),
        Page(404, "text/plain", "404 page not found\n"),
    ),
)
