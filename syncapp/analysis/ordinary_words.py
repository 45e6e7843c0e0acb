"""Words that mean something by themselves: as a name each needs more to be believed."""

ORDINARY = frozenset(
    """
    january february march april may june july august september october november
    december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday
    thursday friday saturday sunday spring summer autumn fall winter dawn dusk night day
    morning evening noon midnight today tomorrow red orange yellow green blue purple
    violet indigo black white grey gray brown pink gold golden silver amber scarlet
    crimson ivory ebony rose ruby jade pearl jasmine lily daisy ivy heather hazel holly
    olive willow rowan fern iris poppy violet clover sage ginger cherry apple honey
    candy sugar pepper coral sky star stars sun sunny moon stormy storm rain rainy snow
    snowy cloud wind windy breeze river rivers lake ocean sea bay shore island isle
    forest wood woods meadow field fields hill valley mountain stone rock cliff cave
    desert sand dune marsh harbour harbor bridge tower castle church house home garden
    park street road lane north south east west wolf fox bear hawk robin raven crow dove
    swan heron tern kestrel falcon eagle sparrow wren lark jay martin drake angel love
    joy hope faith grace charity mercy honour honor destiny fortune chance lucky happy
    misty crystal diamond eden paris london berlin vienna florence milan verona sydney
    brooklyn dallas austin houston denver phoenix chelsea london savannah carolina
    georgia virginia dakota montana madison lincoln jackson washington asia india china
    america england france ireland scotland wales italy spain africa europe king queen
    prince princess duke duchess lord lady knight bishop pope baron earl page mason
    carter cooper hunter fisher taylor tailor baker miller smith chase drew pat mark
    bill will grant frank jack art ray rich sue joy dale glen cliff rob nick skip chip
    miles sterling dean rex max major captain sergeant doctor professor teacher nurse
    the and for with from into over under one two three four five six seven eight nine
    ten first second third last next new old young big small little great good best bad
    high low long short wide narrow deep quiet loud dark light bright early late hidden
    open closed lost found wild free real true live final full half double single part
    film films movie movies video videos studio studios picture pictures production
    productions media archive archives collection classic classics series show shows
    lecture lectures documentary talk talks interview concert festival workshop
    rehearsal portrait journey travel trip tour history science nature music dance art
    arts theatre theater stage sport sports game games news animals birds fish water
    fire earth air wood metal paper glass iron copper steel velvet silk
    drift atlas origin vision focus prism echo pulse spark orbit apex summit vertex nova
    alpha beta gamma delta omega sigma mirror window door table kitchen school office
    market ferry boat ship train station letter letters book story stories song songs
    voice voices face faces hand hands eye eyes heart soul mind life time year years
    world people person man men woman women girl girls boy boys child children family
    friend friends mother father sister brother
    """.split()  # noqa: SIM905 - a list of this length is unreadable
)

# What cameras and telephones call their files: "IMG_2041".
CAMERA = frozenset(("img", "dsc", "dscn", "mvi", "vid", "gopr", "mov", "pxl", "dji"))


def is_ordinary(word: str) -> bool:
    """Return whether a folded word is a word of the language, or a number."""
    return word in ORDINARY or word in CAMERA or word.isdecimal()
