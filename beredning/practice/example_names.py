"""The words of the invented organisation. No unit and no person here exists."""

from collections.abc import Mapping
from typing import Final

__all__ = [
    "AREAS",
    "DEPARTMENTS",
    "DOMAIN",
    "FIRST",
    "LAST",
    "PARTIES",
    "README",
    "REGION",
    "UNITS",
]

REGION: Final = "Alvmark (påhittad)"
DOMAIN: Final = "alvmark.example"
PARTIES: Final = ("J", "Q", "W", "X", "Y", "Z")
"""Letters that no party in the riksdag bears."""

README: Final = """\
Allt i den här mappen är påhittat.

Alvmark finns inte. Enheter, organ, personer, partibokstäver och adresser är
hopdiktade för att en process ska gå att prova. Adresserna slutar på .example,
dit ingen post kan komma fram. Likhet med verkliga personer är en slump.

Everything in this folder is invented: the region, its units, bodies, people,
party letters and addresses. No mail can reach an address that ends in .example.

units.csv    enheter och organ
people.csv   personer
grants.csv   vem som har vilken roll, och var
"""

AREAS: Final = ("akut vård", "planerad vård", "nära vård")

DEPARTMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "Medicincentrum": (
        "Hjärtmottagningen",
        "Njurmedicin",
        "Lungmedicin",
        "Diabetesmottagningen",
        "Neurologi",
        "Stroke och rehabilitering",
        "Mag- och tarmmedicin",
        "Reumatologi",
    ),
    "Kirurgicentrum": (
        "Allmänkirurgi",
        "Bröstkirurgi",
        "Kärlkirurgi",
        "Urologi",
        "Ortopedi",
        "Handkirurgi",
        "Dagkirurgi",
        "Endoskopi",
    ),
    "Akutcentrum": (
        "Akutmottagningen",
        "Ambulanssjukvården",
        "Intensivvården",
        "Anestesikliniken",
        "Operationsavdelningen",
        "Larm och samordning",
        "Jourmottagningen",
        "Smärtmottagningen",
    ),
    "Kvinnor och barn": (
        "Förlossningen",
        "Gynekologi",
        "Barnmottagningen",
        "Neonatalvården",
        "Barnhälsovården",
        "Mödrahälsovården",
        "Ungdomsmottagningen",
        "Barn- och ungdomshabiliteringen",
    ),
    "Psykiatricentrum": (
        "Vuxenpsykiatri norr",
        "Vuxenpsykiatri söder",
        "Barn- och ungdomspsykiatri",
        "Beroendevården",
        "Rättspsykiatri",
        "Äldrepsykiatri",
        "Ätstörningsenheten",
        "Psykiatrisk akutvård",
    ),
    "Diagnostikcentrum": (
        "Röntgen",
        "Klinisk kemi",
        "Klinisk fysiologi",
        "Mikrobiologi",
        "Patologi",
        "Transfusionsmedicin",
        "Mammografi",
        "Nuklearmedicin",
    ),
    "Sinnen och hud": (
        "Ögonmottagningen",
        "Öron, näsa och hals",
        "Hörselvården",
        "Syncentralen",
        "Hudmottagningen",
        "Allergimottagningen",
        "Foniatri",
        "Käkkirurgi",
    ),
    "Cancer och lindring": (
        "Onkologi",
        "Strålbehandlingen",
        "Hematologi",
        "Palliativ vård",
        "Cancerrehabilitering",
        "Cytostatikaenheten",
        "Utredningscentrum",
        "Sjukhusansluten hemsjukvård",
    ),
    "Primärvård norr": (
        "Vårdcentralen Björkhult",
        "Vårdcentralen Granliden",
        "Vårdcentralen Lärkdalen",
        "Vårdcentralen Norrtorp",
        "Vårdcentralen Ekåsen",
        "Rehab norr",
        "Asyl- och flyktinghälsan",
        "Närsjukvården Granliden",
    ),
    "Primärvård söder": (
        "Vårdcentralen Sjövik",
        "Vårdcentralen Solhem",
        "Vårdcentralen Åbacken",
        "Vårdcentralen Lindhaga",
        "Vårdcentralen Strandby",
        "Rehab söder",
        "Hälsocoacherna",
        "Närsjukvården Strandby",
    ),
    "Tandvård": (
        "Allmäntandvård norr",
        "Allmäntandvård söder",
        "Barntandvården",
        "Ortodonti",
        "Parodontologi",
        "Sjukhustandvården",
        "Tandteknik",
        "Oral protetik",
    ),
    "Service och administration": (
        "Ekonomi",
        "Personal och lön",
        "IT och medicinsk teknik",
        "Fastighet",
        "Kost och lokalvård",
        "Inköp och förråd",
        "Patientnämndens kansli",
        "Kommunikation",
    ),
}
"""Names of driftenheter, and of the verksamheter that belong to each."""

UNITS: Final[Mapping[str, tuple[str, ...]]] = {
    "driftenhet": tuple(DEPARTMENTS),
    "forvaltning": (
        "Direktörens stab",
        "Sjukhusförvaltningen",
        "Primärvårdsförvaltningen",
        "Psykiatriförvaltningen",
        "Tandvårdsförvaltningen",
        "Serviceförvaltningen",
        "Kulturförvaltningen",
        "Trafikförvaltningen",
    ),
    "sjukhusforvaltning": (
        "Sjukhuset i Norrtorp",
        "Sjukhuset i Sjövik",
        "Sjukhuset i Lärkdalen",
    ),
}
"""Names by kind of unit; a kind that is not here gets its title and a number."""

FIRST: Final = tuple(
    "Agneta Ahmed Alva Amir Anders Anna Anton Arvid Astrid Axel Birgitta Björn Britta "
    "Carina Cecilia Christer Dagmar David Ebba Einar Elin Elsa Emil Erik Eva Fatima "
    "Frida Gunilla Gustav Göran Hanna Hassan Helena Henrik Hugo Ida Ingrid Irene Jakob "
    "Jenny Johan Jonas Karin Kerstin Klara Lars Leila Lena Linnea Lovisa Magnus Malin "
    "Mats Mikael Mona Nils Olle Oskar Per Petra Ragnar Sara Selma Sofia Stefan Susanne "
    "Sven Tore Tove Ulla Viktor Yusuf Åke Åsa Örjan".split()
)

LAST: Final = tuple(
    "Abbasi Alm Asp Backlund Bergvall Björklid Blomdahl Boberg Bolin Brodin Dahlskog "
    "Ekbacke Ekhall Ekvall Enmark Fagerlid Forsmark Frisk Granlid Grönvik Gustavsdal "
    "Hagelin Haglid Hallqvist Hedlid Hedvall Hellmark Holmvik Högvall Jafari Kallqvist "
    "Karlvik Klingvall Kornlid Kvarnlid Kvist Lilja Lindhag Lindqvist Ljunglid Lundvall "
    "Löfvik Malmlid Moberg Nordvall Norrlid Nyhag Oskarsdal Palmvik Quist Rehnvall "
    "Rosenlid Rydvik Rönnlid Sandvall Sjölid Skoglid Solvall Stenlid Strandvik Sundvall "
    "Säterlid Tallvik Tornlid Vallmark Viklid Vinterlid Wahlmark Yngvall Ålund Åkerlid "
    "Ängvall Ödlid Östvall".split()
)
