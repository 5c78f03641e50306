import asyncio, json
from app import clock, db
from datetime import timedelta
from tests.world import *
async def test_probe(people_of):
    r, h, m, c, p, a = await people_of("resident","grid_head","member","community","property","auditor")
    t = await r.report()
    place = t["place"]["id"]
    async def raw(path, content):
        x = await r.ask("POST", path, content=content, headers={"content-type":"application/json"})
        print(content[:70], x.status_code, x.text[:300]); return x
    b = {"category":"stair_light","place_id":place,"description":"x"}
    for c_ in ['{"\\ud800": 1}', json.dumps(b|{"description":"\ud800"}), json.dumps(b|{"occurred_at":"0001-01-01T00:00:00+14:00"}), json.dumps(b|{"occurred_at":"9999-12-31T23:59:59-14:00"}), json.dumps(b|{"occurred_at":"0001-01-01T00:00:00Z"}),
       '{"category":"x","position":{"lat":%s,"lng":1}}' % ("1"+"0"*400), '{"a":%s}' % ("1"*5000), "["*100000, json.dumps(b|{"position":{"lat":float("nan"),"lng":0}}), '{"category":"x","position":{"lat":true,"lng":"1"},"description":"x"}', b'\xff\xfe{', b'\xff', json.dumps(b|{"contact_phone":"\ud800"}), json.dumps(b|{"category":"\x00"}), json.dumps(b|{"a\x00/~b":1}), json.dumps(b|{"anonymous":"yes", "description":5}), json.dumps([b]), "null", "", json.dumps(b|{"photo_ids":[["x"]]})]:
        await raw("/tickets", c_)
    for q in ["category=%00","category=%ff","cursor=%00","cursor=x","limit=0","limit=101","status=%00","place_id=%00", "overdue=maybe","box=following"]:
        try:
            x = await r.ask("GET","/tickets?"+q); print(q, x.status_code, x.text[:150])
        except Exception as e: print(q, repr(e)[:200])
    got = await asyncio.gather(*(r.try_to("comment", t, text=str(n)) for n in range(20)))
    print([g.status_code for g in got])
    clock.travel(-timedelta(hours=1))
    await h.act("accept", t)
    print(await r.events(t))
    e = await h.act("escalate", t, reason="x"); print(e["actions"], (await h.ticket(t["id"]))["actions"])
