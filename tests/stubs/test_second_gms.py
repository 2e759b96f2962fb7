"""A second group server keeps groups that the first one has no more."""

from stubs.second_gms import open_second_gms
from stubs.world import World
from tests.stubs.stub_helpers import ask, document_url, issued


def test_group_is_found_at_the_second_server_alone(world: World) -> None:
    county, command = (world.builder.group_selector("primary", n) for n in ("county", "command"))
    first = world.primary.url("gms")

    second = world.loop.call(lambda: open_second_gms(world.primary, [county]))

    root = first.rpartition("/")[0] + second.path
    token = issued(world, scope="openid 3gpp:mc:ptt_group_management_service")
    urls = [document_url(world, "primary", "gms", one) for one in (county, command)]
    asked = [*urls, *(url.replace(first, root) for url in urls)]
    assert [ask(world, "GET", url, token=token).status for url in asked] == [404, 200, 200, 404]
