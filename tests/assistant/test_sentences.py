"""Sentences as a model writes them, with the quotes that it gives: the fair ones pass, one wrong fact is found."""

from __future__ import annotations

import pytest

from assistant.checking.checks import check
from assistant.checking.shown import Shown
from assistant.writing.evidence import Evidence
from assistant.writing.parse import Proposal, Quoted
from index import Document, Source

PASSAGES = {
    "rates": (
        "The central bank left its key interest rate at 3.75 per cent on Thursday. Governor Marta Lindqvist said "
        "inflation, which fell to 2.1% in February, was “not yet beaten”. Two of the nine members of the board voted "
        "for a cut. Economists at Norden Bank expect the first reduction in June."
    ),
    "jobs": (
        "Carmaker Velora will close its plant in Tarnow by the end of 2026 and shed 1,200 jobs. The company blamed "
        "weak demand for electric vehicles and Chinese competition. The union did not rule out strikes. “We will fight "
        "for every single job,” said its leader, Piotr Zawadzki."
    ),
    "ferry": (
        "The ferry company refused to raise fares, although fuel costs rose by a quarter last year. Its chairman, "
        "Tom O'Hara, told reporters that passengers “have paid enough already”. Some 40,000 people use the line every "
        "week, most of them commuters."
    ),
    "final": (
        "Northgate United beat Calder City 3-1 in Saturday's final before a crowd of 62,400. Amara Diallo scored twice "
        "in the second half; Calder's only goal came from a penalty in the 88th minute. It is the club's first trophy "
        "since 1987. Coach Rui Mendes called it “a victory for patience”."
    ),
    "doping": (
        "The cyclist Jens Okkerman was banned for four years after testing positive for EPO in July 2024. He has always "
        "denied taking the substance. The Court of Arbitration for Sport rejected his appeal on 3 March without a "
        "hearing."
    ),
    "vaccine": (
        "In a trial with 4,300 volunteers in Kenya, the new malaria vaccine cut infections by 68 percent. The World "
        "Health Organization (WHO) has not approved it yet. Dr. Wanjiru Kamau, who led the study, warned that "
        "protection faded after twelve months. No serious side effects were reported."
    ),
    "hospital": (
        "St. Brannoc's Hospital has 312 beds, of which thirty-eight are closed for lack of nurses. The waiting time in "
        "its emergency ward has doubled to six hours. The health secretary, Priya Nair, promised £14m for new staff, "
        "but the money will not arrive before the autumn."
    ),
    "court": (
        "The Supreme Court ruled by seven votes to two that the surveillance law was illegal. Judge Elena Markovic wrote "
        "that the state “cannot read the letters of a whole people”. The government said it would respect the judgment. "
        "The law, passed in 2019, had allowed the police to store messages for 90 days."
    ),
    "fraud": (
        "Former banker Daniel Krause was acquitted of fraud but found guilty of false accounting. The jury took eleven "
        "days to reach its verdict. He was fined $2.5 million and will not go to prison. Prosecutors had asked for a "
        "sentence of five years."
    ),
    "truce": (
        "The truce between the Karsan army and the rebels of the Free Valley Front collapsed on Sunday, five days after "
        "it had been signed in Geneva. Both sides accuse each other of having fired first. At least 17 civilians were "
        "killed in the town of Belmora, the UN said. Neither side has agreed to new talks."
    ),
    "drones": (
        "Dozens of drones were launched at the port overnight; the air force says it shot down 31 of 36. The mayor, "
        "Oleksandr Tkachenko, reported damage to a grain terminal but no casualties. Moscow did not comment. Ukrainian "
        "officials say the aim is to stop exports."
    ),
    "peace": (
        "President Macron told the European Parliament that no peace plan could be imposed on Ukraine. Ukraine must "
        "decide for itself, he said. Hungary's prime minister, Viktor Orban, disagreed: Europe had already lost the war, "
        "he argued, and should negotiate with Russia. The 28-point plan was drafted without any European government."
    ),
    "aid": (
        "The United States will send a further $1.8 billion in aid, the Pentagon announced. It is the third package this "
        "year. North Korea has delivered about two million shells to Russia, according to South Korean intelligence. "
        "Officials in Washington would not say whether missiles are included."
    ),
    "climate": (
        "Average temperatures in the Alps have risen by 2 °C since the nineteenth century, twice as much as the global "
        "mean. Glaciers lost a tenth of their volume in 2022 and 2023 alone. “There is no way back for the small ones,” "
        "says the glaciologist Lea Brunner of ETH Zurich."
    ),
    "coal": (
        "Poland wants to close its last coal mine in 2049; Germany plans to leave coal by 2038 at the latest. "
        "Environmental groups call both dates far too late. CO₂ emissions of the two countries together fell by 9 per "
        "cent last year. Warsaw says that jobs come first."
    ),
    "flood": (
        "More than half a million people were evacuated when the Meru river burst its banks. Rescue workers had not "
        "reached eleven villages by Tuesday evening. The governor, Samuel Otieno, asked for helicopters. Insurers put "
        "the damage at €3bn to €4bn."
    ),
    "school": (
        "From September, pupils under 14 may not use smartphones in school. The teachers' union welcomed the ban; the "
        "parents' association criticised it as “well meant and badly made”. In a survey, 71 out of 100 parents were in "
        "favour. Schools that ignore the rule will lose nothing: there are no penalties."
    ),
    "housing": (
        "Rents in the capital have risen by 31% in five years, wages by only 12%. The city council wants to build 8,000 "
        "flats a year, but last year it managed barely 3,100. Councillor Ahmed Benali of the Greens says that the plan "
        "lacks money. Landlords reject a rent cap."
    ),
    "election": (
        "Prime Minister Sofia Almeida won 48.6 per cent of the vote and has to face a run-off on 11 May. Her rival, the "
        "populist Bruno Teixeira, came second with 37 per cent. Turnout was the lowest since 1976. Teixeira has not "
        "conceded and speaks of fraud, for which he gave no evidence."
    ),
    "trade": (
        "The EU and Mercosur signed their trade agreement after 25 years of negotiations. French farmers blocked "
        "motorways in protest. Tariffs on cars will fall from 35 percent to zero within 15 years. Ireland and Austria "
        "voted against it, and Belgium abstained."
    ),
    "space": (
        "The probe Halcyon-2 landed near the Moon's south pole at 04:17 UTC. It is the first landing by a private "
        "European company. Contact was lost after three hours, and engineers do not expect to restore it. The mission "
        "cost about €190 million, a fraction of what NASA pays."
    ),
    "museum": (
        "The museum will return 26 bronzes to Benin that British troops looted in 1897. Its director, Helen Ashworth, "
        "called the decision overdue. The trustees were not unanimous. A further hundred objects stay in London because "
        "their origin is unclear."
    ),
}

GOOD = [
    ("rates", "The central bank kept its key rate at 3.75 per cent, according to the Harbour Gazette.", "The central bank left its key interest rate at 3.75 per cent"),
    ("rates", "Lindqvist said that inflation is not yet beaten, although it fell to 2.1 percent in February.", "Governor Marta Lindqvist said inflation, which fell to 2.1% in February, was \"not yet beaten\""),
    ("rates", "Two of nine board members voted for a cut, the article of 14 March 2025 says.", "Two of the nine members of the board voted for a cut"),
    ("rates", "Norden Bank's economists expect the first cut in June.", "Economists at Norden Bank expect the first reduction in June"),
    ("jobs", "Velora is to close its Tarnow plant by the end of 2026, with the loss of 1,200 jobs.", "Carmaker Velora will close its plant in Tarnow by the end of 2026 and shed 1,200 jobs"),
    ("jobs", "According to the source, the carmaker blames weak demand for electric vehicles and competition from China.", "The company blamed weak demand for electric vehicles and Chinese competition"),
    ("jobs", "The union has not ruled out strikes; its leader, Piotr Zawadzki, said it would “fight for every single job”.", "The union did not rule out strikes. “We will fight for every single job,” said its leader, Piotr Zawadzki"),
    ("ferry", "O’Hara, the company’s chairman, said passengers have already paid enough.", "Tom O'Hara, told reporters that passengers “have paid enough already”"),
    ("ferry", "The company did not raise fares although fuel costs rose by a quarter.", "The ferry company refused to raise fares, although fuel costs rose by a quarter last year"),
    ("ferry", "About 40,000 people, mostly commuters, use the line each week.", "Some 40,000 people use the line every week, most of them commuters"),
    ("final", "Northgate United beat Calder City by three goals to one in front of 62,400 people.", "Northgate United beat Calder City 3-1 in Saturday's final before a crowd of 62,400"),
    ("final", "Diallo scored two goals in the second half.", "Amara Diallo scored twice in the second half"),
    ("final", "Mendes, the coach, called the win “a victory for patience”.", "Coach Rui Mendes called it “a victory for patience”"),
    ("doping", "Okkerman received a four-year ban after a positive EPO test in July 2024.", "Jens Okkerman was banned for four years after testing positive for EPO in July 2024"),
    ("doping", "On March 3, the court rejected the cyclist's appeal.", "The Court of Arbitration for Sport rejected his appeal on 3 March"),
    ("doping", "The cyclist says that he did not take the substance.", "He has always denied taking the substance"),
    ("vaccine", "The vaccine reduced infections by 68% in a trial with 4300 Kenyan volunteers.", "In a trial with 4,300 volunteers in Kenya, the new malaria vaccine cut infections by 68 percent"),
    ("vaccine", "The WHO hasn’t yet approved the malaria vaccine.", "World Health Organization (WHO) has not approved it yet"),
    ("vaccine", "Kamau warned that the protection fades after 12 months.", "Dr. Wanjiru Kamau, who led the study, warned that protection faded after twelve months"),
    ("hospital", "Of the hospital's 312 beds, 38 are closed because there are not enough nurses.", "has 312 beds, of which thirty-eight are closed for lack of nurses"),
    ("hospital", "Health Secretary Priya Nair promised £14 million for new staff, which will not arrive before autumn.", "Priya Nair, promised £14m for new staff, but the money will not arrive before the autumn"),
    ("court", "By 7 votes to 2, the Supreme Court found the surveillance law illegal.", "The Supreme Court ruled by seven votes to two that the surveillance law was illegal"),
    ("court", "The judges ruled that the law was not legal.", "ruled by seven votes to two that the surveillance law was illegal"),
    ("court", "Since 2019, the police could store messages for 90 days.", "The law, passed in 2019, had allowed the police to store messages for 90 days"),
    ("fraud", "Krause was acquitted of fraud but convicted of false accounting.", "Daniel Krause was acquitted of fraud but found guilty of false accounting"),
    ("fraud", "He has to pay a fine of 2.5 million dollars but does not have to go to prison.", "He was fined $2.5 million and will not go to prison"),
    ("truce", "The ceasefire collapsed on Sunday, five days after its signing in Geneva; the army and the rebels blame each other.", "collapsed on Sunday, five days after it had been signed in Geneva. Both sides accuse each other"),
    ("truce", "According to the United Nations, at least seventeen civilians died in Belmora.", "At least 17 civilians were killed in the town of Belmora, the UN said"),
    ("truce", "The two sides have not agreed to new talks.", "Neither side has agreed to new talks"),
    ("drones", "The air force says that 31 of the 36 drones were shot down.", "the air force says it shot down 31 of 36"),
    ("drones", "Nobody was hurt in the attack on the port, though a grain terminal was damaged, the mayor reported.", "reported damage to a grain terminal but no casualties"),
    ("peace", "Macron said that a peace plan cannot be imposed on Ukraine.", "President Macron told the European Parliament that no peace plan could be imposed on Ukraine"),
    ("peace", "Orbán argued that Europe had already lost the war.", "Viktor Orban, disagreed: Europe had already lost the war"),
    ("peace", "No European government took part in drafting the 28-point plan.", "The 28-point plan was drafted without any European government"),
    ("aid", "The US will send another $1.8bn in aid.", "The United States will send a further $1.8 billion in aid"),
    ("aid", "South Korea's intelligence service says North Korea has delivered about 2 million shells.", "North Korea has delivered about two million shells to Russia, according to South Korean intelligence"),
    ("aid", "Officials in Washington declined to say whether missiles are included.", "Officials in Washington would not say whether missiles are included"),
    ("climate", "Temperatures in the Alps have risen by 2 °C since the 19th century, Albrecht writes.", "Average temperatures in the Alps have risen by 2 °C since the nineteenth century"),
    ("climate", "Brunner says that there is “no way back” for small glaciers.", "“There is no way back for the small ones,” says the glaciologist Lea Brunner"),
    ("coal", "Poland intends to shut its last mine in 2049, while Germany plans to leave coal by 2038.", "Poland wants to close its last coal mine in 2049; Germany plans to leave coal by 2038"),
    ("coal", "In the two countries, CO2 emissions dropped 9% last year.", "CO₂ emissions of the two countries together fell by 9 per cent last year"),
    ("flood", "Over 500,000 people had to be evacuated because of the flood on the Meru.", "More than half a million people were evacuated when the Meru river burst its banks"),
    ("flood", "Insurers estimate the damage at between three and four billion euros.", "Insurers put the damage at €3bn to €4bn"),
    ("school", "Children younger than 14 are not allowed to use smartphones at school from September on.", "From September, pupils under 14 may not use smartphones in school"),
    ("school", "The ban was welcomed by the teachers’ union but criticised by the parents’ association.", "The teachers' union welcomed the ban; the parents' association criticised it"),
    ("housing", "In five years rents rose by 31 percent, but wages by just 12 percent.", "Rents in the capital have risen by 31% in five years, wages by only 12%"),
    ("housing", "Only about 3,100 flats were built last year, well below the target of 8,000.", "build 8,000 flats a year, but last year it managed barely 3,100"),
    ("election", "Almeida, the prime minister, won 48.6% of the vote and faces a run-off on May 11.", "Prime Minister Sofia Almeida won 48.6 per cent of the vote and has to face a run-off on 11 May"),
    ("election", "Teixeira refuses to concede and speaks of fraud without giving evidence.", "Teixeira has not conceded and speaks of fraud, for which he gave no evidence"),
    ("trade", "Austria and Ireland voted against the agreement while Belgium abstained.", "Ireland and Austria voted against it, and Belgium abstained"),
    ("trade", "After twenty-five years of talks, the European Union and Mercosur signed their agreement.", "The EU and Mercosur signed their trade agreement after 25 years of negotiations"),
    ("space", "Engineers no longer expect to restore contact with Halcyon-2, which was lost after three hours.", "The probe Halcyon-2 landed near the Moon's south pole", "Contact was lost after three hours, and engineers do not expect to restore it"),
    ("museum", "The museum is to return 26 bronzes looted by British soldiers in 1897.", "The museum will return 26 bronzes to Benin that British troops looted in 1897"),
    ("museum", "The trustees did not agree unanimously on the return.", "The trustees were not unanimous"),
]  # fmt: skip


BAD = [
    ("number", "rates", "The central bank kept its key rate at 3.25 per cent.", "The central bank left its key interest rate at 3.75 per cent"),
    ("negation", "rates", "The governor said that inflation was beaten.", "inflation, which fell to 2.1% in February, was “not yet beaten”"),
    ("name", "rates", "Governor Lindqvist said that inflation fell to 2.1% in January.", "Governor Marta Lindqvist said inflation, which fell to 2.1% in February"),
    ("number", "rates", "Three of the nine board members voted for a cut.", "Two of the nine members of the board voted for a cut"),
    ("number", "jobs", "The carmaker will shed 12,000 jobs in Tarnow.", "will close its plant in Tarnow by the end of 2026 and shed 1,200 jobs"),
    ("number", "jobs", "Velora's plant in Tarnow will close by the end of 2025.", "Carmaker Velora will close its plant in Tarnow by the end of 2026"),
    ("name", "jobs", "Velora blamed weak demand and Japanese competition.", "The company blamed weak demand for electric vehicles and Chinese competition"),
    ("negation_cut", "jobs", "The union wants to rule out strikes.", "rule out strikes. “We will fight for every single job,”"),
    ("negation", "ferry", "The chairman, Tom O'Hara, said passengers have not paid enough.", "Tom O'Hara, told reporters that passengers “have paid enough already”"),
    ("number", "ferry", "Fuel costs for the ferry rose by half last year.", "although fuel costs rose by a quarter last year"),
    ("number", "ferry", "Some 400,000 people use the line every week.", "Some 40,000 people use the line every week"),
    ("number", "final", "Northgate United beat Calder City 3-2 in the final.", "Northgate United beat Calder City 3-1 in Saturday's final"),
    ("name", "final", "Northgate United beat Calder City in Sunday's final.", "Northgate United beat Calder City 3-1 in Saturday's final"),
    ("number", "final", "Diallo scored three times in the second half.", "Amara Diallo scored twice in the second half"),
    ("name", "final", "Coach José Mendes called it “a victory for patience”.", "Coach Rui Mendes called it “a victory for patience”"),
    ("number", "doping", "The cyclist was banned for two years after testing positive for EPO.", "was banned for four years after testing positive for EPO in July 2024"),
    ("name", "doping", "The court rejected the appeal on 3 May.", "The Court of Arbitration for Sport rejected his appeal on 3 March"),
    ("number", "vaccine", "The malaria vaccine cut infections by 86 percent.", "the new malaria vaccine cut infections by 68 percent"),
    ("negation", "vaccine", "The WHO has approved the vaccine.", "World Health Organization (WHO) has not approved it yet"),
    ("name", "vaccine", "The malaria vaccine was tried with 4,300 volunteers in Uganda.", "In a trial with 4,300 volunteers in Kenya"),
    ("number", "vaccine", "Protection faded after eighteen months, Kamau warned.", "Wanjiru Kamau, who led the study, warned that protection faded after twelve months"),
    ("number", "hospital", "The hospital has 312 beds, of which eighty-three are closed.", "has 312 beds, of which thirty-eight are closed for lack of nurses"),
    ("number", "hospital", "The health secretary promised £14 billion for new staff.", "Priya Nair, promised £14m for new staff"),
    ("number", "hospital", "The waiting time in the emergency ward has tripled.", "The waiting time in its emergency ward has doubled to six hours"),
    ("number", "court", "The Supreme Court ruled by six votes to three that the law was illegal.", "The Supreme Court ruled by seven votes to two that the surveillance law was illegal"),
    ("quote_not_found", "court", "The Supreme Court ruled that the surveillance law was legal.", "ruled by seven votes to two that the surveillance law was legal"),
    ("number", "court", "The law, passed in 2016, allowed the police to store messages.", "The law, passed in 2019, had allowed the police to store messages for 90 days"),
    ("negation", "fraud", "The former banker was fined and will go to prison.", "He was fined $2.5 million and will not go to prison"),
    ("number", "fraud", "The former banker was fined $2.5 billion.", "its verdict. He was fined $2.5 million"),
    ("name", "truce", "The truce was signed in Vienna and collapsed after five days.", "collapsed on Sunday, five days after it had been signed in Geneva"),
    ("name", "truce", "At least 17 civilians were killed in Belmora, the EU said.", "At least 17 civilians were killed in the town of Belmora, the UN said"),
    ("negation", "truce", "Both sides have agreed to new talks.", "Neither side has agreed to new talks"),
    ("number", "drones", "The air force says it shot down all but one of 36 drones, that is 35.", "the air force says it shot down 31 of 36"),
    ("number", "drones", "Hundreds of drones were launched at the port overnight.", "Dozens of drones were launched at the port overnight"),
    ("negation", "drones", "The mayor reported casualties and damage to a grain terminal.", "but no casualties. Moscow did not comment"),
    ("name", "peace", "Merz told the European Parliament that no peace plan could be imposed on Ukraine.", "told the European Parliament that no peace plan could be imposed on Ukraine"),
    ("number", "peace", "The 19-point plan was drafted without any European government.", "The 28-point plan was drafted without any European government"),
    ("name", "peace", "Orban argued that Europe should negotiate with China.", "Viktor Orban, disagreed: Europe had already lost the war, he argued, and should negotiate with Russia"),
    ("name", "aid", "South Korea has delivered about two million shells to Russia.", "North Korea has delivered about two million shells to Russia"),
    ("name", "aid", "The United Kingdom will send a further $1.8 billion in aid.", "The United States will send a further $1.8 billion in aid"),
    ("number", "aid", "It is the fourth package this year.", "It is the third package this year"),
    ("number", "climate", "Temperatures in the Alps have risen by 2 °C since the 18th century.", "Average temperatures in the Alps have risen by 2 °C since the nineteenth century"),
    ("number", "climate", "Glaciers lost a fifth of their volume in 2022 and 2023.", "Glaciers lost a tenth of their volume in 2022 and 2023 alone"),
    ("number", "coal", "Emissions of the two countries fell by 19 per cent last year.", "emissions of the two countries together fell by 9 per cent last year"),
    ("name", "coal", "Czechia plans to leave coal by 2038 at the latest.", "plans to leave coal by 2038 at the latest"),
    ("number", "flood", "More than a million people were evacuated when the river burst its banks.", "More than half a million people were evacuated when the Meru river burst its banks"),
    ("negation_cut", "flood", "Rescue workers had reached eleven villages by Tuesday evening.", "reached eleven villages by Tuesday evening"),
    ("name", "flood", "Rescue workers had not reached eleven villages by Monday evening.", "Rescue workers had not reached eleven villages by Tuesday evening"),
    ("number", "school", "From September, pupils under 16 may not use smartphones in school.", "From September, pupils under 14 may not use smartphones in school"),
    ("negation", "school", "Pupils under 14 may use smartphones in school from September.", "From September, pupils under 14 may not use smartphones in school"),
    ("number", "housing", "Wages have risen by 21% in five years.", "Rents in the capital have risen by 31% in five years, wages by only 12%"),
    ("name", "housing", "Ahmed Benali of the Liberals says that the plan lacks money.", "Ahmed Benali of the Greens says that the plan lacks money"),
    ("name", "election", "Almeida faces a run-off on 11 June.", "Sofia Almeida won 48.6 per cent of the vote and has to face a run-off on 11 May"),
    ("negation", "election", "Teixeira has conceded.", "Teixeira has not conceded and speaks of fraud"),
    ("name", "trade", "Italy and Austria voted against it, and Belgium abstained.", "Ireland and Austria voted against it, and Belgium abstained"),
    ("number", "trade", "Tariffs on cars will fall to zero within five years.", "Tariffs on cars will fall from 35 percent to zero within 15 years"),
    ("negation", "space", "Engineers expect to restore contact with the probe.", "engineers do not expect to restore it"),
    ("number", "space", "Contact with the probe was lost after thirteen hours.", "Contact was lost after three hours"),
    ("name", "museum", "The museum will return 26 bronzes to Nigeria.", "The museum will return 26 bronzes to Benin that British troops looted in 1897"),
    ("negation", "museum", "The trustees were unanimous on the return of the bronzes.", "The trustees were not unanimous"),
]  # fmt: skip


def problems(passage: str, claim: str, *quotes: str) -> list[str]:
    document = Document("week.txt", PASSAGES[passage], "", author="Ines Albrecht")
    source = Source("Notes from the week", "The Harbour Gazette", "report", "2025-03-14")
    shown = Shown("What happened?", (Evidence(1, document, source, 0, len(document.text), 0.8),))
    proposal = Proposal(1, "report", claim, tuple(Quoted(1, quote) for quote in quotes))
    return [problem.code for problem in check(proposal, shown).problems]


@pytest.mark.parametrize("case", GOOD, ids=[f"{case[0]}: {case[1]}" for case in GOOD])
def test_a_fair_sentence_passes(case: tuple[str, ...]) -> None:
    assert problems(*case) == []


@pytest.mark.parametrize("case", BAD, ids=[f"{case[1]}: {case[2]}" for case in BAD])
def test_a_sentence_with_one_wrong_fact_does_not_pass(case: tuple[str, ...]) -> None:
    code, *proposal = case

    assert problems(*proposal) == [code]
