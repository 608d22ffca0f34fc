"""unseal.py ENVELOPE PAE SIG: what DSSE says is signed, and the signature.
unseal.py ENVELOPE --forge: the envelope with another builder, on stdout."""
import base64
import json
import sys

e = json.load(open(sys.argv[1]))
payload, kind = base64.b64decode(e["payload"]), e["payloadType"].encode()
if sys.argv[2] == "--forge":
    e["payload"] = base64.b64encode(payload.replace(b"ci.example/1", b"ci.example/3")).decode()
    print(json.dumps(e))
    sys.exit()
open(sys.argv[2], "wb").write(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
open(sys.argv[3], "wb").write(base64.b64decode(e["signatures"][0]["sig"]))
