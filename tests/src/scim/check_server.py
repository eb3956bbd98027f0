# Runs scim2-tester, a compliance client that others wrote, and prints what it found as one JSON document.
import json
import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server

url, token = sys.argv[1:3]
scim = SyncSCIMClient(Client(base_url=url, headers={"Authorization": f"Bearer {token}"}))
scim.discover()
found = check_server(scim)
print(json.dumps([[one.status.name, one.title, (one.reason or "")[:200]] for one in found]))
