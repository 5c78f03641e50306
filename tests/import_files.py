"""A small street as an office hands it in: one file of each kind."""

from app import db

PLACES = """code,parent,level,name,lat,lng,sort
b1,e1,building,944号,29.6,106.53,
s,,street,人和街道,,,
c1,s,community,万寿山社区,,,
c2,s,community,柏林社区,,,
e1,c1,estate,人和家园,,,
b2,e1,building,946号,29.6005,106.53,
u4,b1,unit,4单元,,,
e2,c2,estate,柏林苑,,,
"""
GRIDS = "code,community,name,covers\ng3,c1,第三网格,e1\ng4,c1,第四网格,b1\ng5,c2,第一网格,c2\n"
ORGANISATIONS = "code,name,kind,skills,places\nrhwy,人和物业,property,property,e1;e2\n"
CATEGORY = (
    "code,zh,en,level,skill,accept_minutes,acknowledge_minutes,resolve_minutes,clock_accept,clock_acknowledge,"
    "clock_resolve,photo_on_resolve,verify_claim,public,emergency_phone,source\n"
    "stair_light,楼道灯不亮,Stair light out,E2,property,30,120,1440,24x7,24x7,24x7,true,false,true,,\n"
)
DAYS = "date,kind,name,source\n2026-10-01,holiday,国庆节,通知\n2026-10-10,workday,国庆节,通知\n"
ALL = {
    "places": PLACES,
    "grids": GRIDS,
    "organisations": ORGANISATIONS,
    "categories": CATEGORY,
    "calendar": DAYS,
}
TABLES = ("place", "grid_cover", "organisation", "service_area", "category", "calendar_day")


async def counts() -> dict[str, int]:
    return {table: (await db.fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"] for table in TABLES}
