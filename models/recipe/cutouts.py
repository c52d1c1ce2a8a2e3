# Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
"""The inventory: which stamps of Debian's tuxpaint-stamps-default are used, in which class, and which are held out.

Run it to write cutouts.txt anew. Left out are the painted, mirrored and near-transparent stamps. Stamps that show the
same thing (or one stamp recoloured) form a group, and a group is never divided between training and validation.
"""
import random
from fnmatch import fnmatch
from pathlib import Path

STAMPS = Path("/usr/share/tuxpaint/stamps")
LIST = Path(__file__).with_name("cutouts.txt")
CLASSES = ("bird", "mammal", "fruit", "flower", "sign", "coin")
DISTRACTOR = "distractor"  # pasted as well, but nothing to detect
HELD_OUT_SHARE = 0.18
SEED = 20

PATTERNS = {
    "bird": ["animals/birds/*"],
    "mammal": ["animals/mammals/*", "animals/marsupials/*"],
    "fruit": ["food/fruit/*"],
    "flower": ["plants/flowers/*"],
    "sign": ["town/roadsigns/*"],
    "coin": ["symbols/money/*/coins/*", "symbols/money/japanese/*"],
    DISTRACTOR: ["hobbies/*", "household/*", "medical/*", "sports/*", "clothes/*", "vehicles/*", "military/vehicles/*",
                 "plants/trees/*", "plants/mushrooms/*", "town/*box.png", "animals/fish/*", "animals/insects/*",
                 "people/fireman*", "town/monuments/*"],
}
EXCLUDED = [
    "*/cartoon/*", "*_mirror.png", "*/00_symbols/*",
    "*/albino_peahen.png",  # cropped, stands in grass
    "*/dolphin.png", "*/orca.png", "*/whale.png", "*/hedgehog.png", "*/echidna.png", "*/edward_bear.png",
    "*/tamarin_emperor.png", "*/appooppanthady.png",
    "*/stoplight_*", "*/traffic_cone.png", "*/railroad_crossing.png",  # roadside, but not signs
    "*/Brown_slug.png", "*/sedan_police.png", "*/walnutBoat.png", "*/inukshuk-outline.png", "*/glass.png",
    "*/t_*.png", "*/rubberduck.png", "*/cymbal_crash.png", "*/button.png", "*/Lightbulb.png", "*/toilet.png",
    "*/tooth.png", "*/rambutan.png",  # a fruit
]
GROUPS = [
    ["pig_golden", "pig_golden2"], ["gnu-baby", "gnu-baby-stand", "gnu-stand", "gnu-sitting"],
    ["rabbit-2", "rabbit_little", "rabbit"], ["apple_green", "apple_red"], ["heron_greatblue", "heron_greatblue_flying"],
    ["guineafowl", "helmeted_guineafowl"], ["little-penguin", "magellanic_penguin"], ["seagull", "silver-gull"],
    ["strawberry", "Strawberry2"], ["Apricot_whole", "apricot"], ["mandarine", "orange"], ["drake", "duck"],
    ["bear", "european-bear"], ["lion", "lion-2"], ["sheep", "ram"], ["donkey", "donkey_eating"],
    ["flower2", "flower5"], ["flower10", "chemparathi"], ["hen", "rooster", "chicken_profile"], ["blackbird", "crow"],
    ["yield", "give_way_sign"], ["crossroads", "t-junction"], ["xing_school", "xing_ped"], ["hospital", "toilets"],
    ["euro/coins/001", "euro/coins/002", "euro/coins/005"], ["euro/coins/010", "euro/coins/020", "euro/coins/050"],
    ["euro/coins/100", "euro/coins/200"], ["100loonie", "200toonie"],
]


def inventory():
    """Class of each stamp used, by its path under the folder of stamps."""
    found = {}
    for path in sorted(STAMPS.rglob("*.png")):
        name = path.relative_to(STAMPS).as_posix()
        if any(fnmatch(name, pattern) for pattern in EXCLUDED):
            continue
        for kind, patterns in PATTERNS.items():
            if any(fnmatch(name, pattern) for pattern in patterns):
                found[name] = kind
                break
    return found


def split(found):
    """The paths held out: whole groups, drawn with a fixed seed until a class has its share."""
    held = set()
    for kind in (*CLASSES, DISTRACTOR):
        names = [name for name, k in found.items() if k == kind]
        groups = {}
        for name in names:
            key = next((g[0] for g in GROUPS if any(fnmatch(name, f"*/{m}.png") for m in g)), name)
            groups.setdefault(key, []).append(name)
        order = sorted(groups)
        random.Random(f"{SEED}{kind}").shuffle(order)
        wanted, taken = HELD_OUT_SHARE * len(names), 0
        for key in order:
            if taken + len(groups[key]) <= wanted + 1 and taken < wanted:
                held.update(groups[key])
                taken += len(groups[key])
    return held


def read():
    """cutouts.txt as a list of (split, class, path under the folder of stamps)."""
    return [tuple(line.split()) for line in LIST.read_text().splitlines() if line and line[0] != "#"]


if __name__ == "__main__":
    classes = inventory()
    held_out = split(classes)
    rows = sorted(classes, key=lambda n: ((*CLASSES, DISTRACTOR).index(classes[n]), n in held_out, n))
    LIST.write_text("# Stamps of tuxpaint-stamps-default (paths under /usr/share/tuxpaint/stamps): split, class, path.\n"
                    + "".join(f"{'heldout' if n in held_out else 'train'} {classes[n]} {n}\n" for n in rows))
    for kind in (*CLASSES, DISTRACTOR):
        names = [n for n in rows if classes[n] == kind]
        print(f"{kind:11}{len(names):4} cut-outs, held out: {' '.join(Path(n).stem for n in names if n in held_out)}")
