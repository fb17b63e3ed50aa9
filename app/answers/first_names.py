"""First names that are common in Britain, of many heritages; in lower case.

No list holds them all: whoever is not in it is found by what stands around the name (naming.py).
"""

_NAMES_ALONE = """
aaliyah aaron abbie abby abdul abdullah abdullahi abena abigail abu ada adam adama addison adebayo adele
aden adnan adrian aga agata agnes agnieszka ahmad ahmed aidan aiden aileen aimee aisha aishah ajay akua
alan alana alastair albert alejandro aleksander aleksandra alessia alex alexa alexander alexandra
alexandru alexis alfie alfred ali alice alicia alina alisha alison alistair aliyah allan allison alyssa
amaan amanda amara amelia amelie amin amina aminah amir amirah amit amna amy ana ananya anas anastasia
andre andrea andreea andrei andrew andrzej aneesa aneta angela angelica angharad angus anika anil anisa
anisha anita anja anjali ann anna annabel annabelle anne annie anthony anton antoni antonia antonio
anwar anya aoife aqsa archie ariana arianna arif arjun armaan arthur arun arya aryan asad asha ashanti
asher ashleigh ashley ashraf asia asif asma astrid athena aubrey audrey aurelia aurora ava ayaan ayaz
ayesha ayisha ayman ayo aysha azeem aziz babajide babatunde bartek bartosz basil beata beatrice beatrix
becky belinda bella ben benedict benjamin bernadette bernard beth bethan bethany betty beverley bianca
bilal billie billy bisi bobby bogdan bonnie boris bradley brandon branwen breanna brenda brendan brian
bridget bronwen bronwyn bruce bruno bryan bryn bryony caitlin caleb callum calum calvin cameron camila
camilla candice cara carl carla carlos carly carmen carol carole caroline carolyn carys casey caspian
cassandra cassie catalin catherine catrin cecilia ceri chanelle chantelle charis charlene charles
charley charlie charlotte cheng cherie cheryl chiamaka chidi chika chinedu chioma chloe chris christina
christine christopher chukwuemeka cian ciara claire clara clare clarissa claudia clive clodagh cody cole
colette colin colleen connie connor conor constantin cora corey corinne courtney craig cristian cristina
curtis cynthia cyrus daisy damian damien damilola damon dan dana daniel daniela danielle danny daphne
dara darcey darcy daren daria darius darragh darren daryl dave david dawid dayo debbie deborah declan
deepa deepak deirdre delilah delroy demetri demi denise dennis denzel derek dermot desmond devon dexter
diana diane dilan dilys dimitri dina dinesh diya dominic dominik donald donna dora doreen doris dorothy
dougal douglas duncan dwayne dylan eamonn eddie edith edmund eduard edward edwin eileen eilidh eira
elaine eleanor elena eleri eli eliana elias elif elijah elin eliot eliza elizabeth ella elle ellen ellie
elliot elliott ellis elliw elodie eloise elsa elsie elspeth elwyn emeka emer emilia emily emir emma
emmanuel emre emrys enid enzo eoin eric erica erik erika erin esmae esme esperanza esra estelle esther
ethan euan eugene eunice eva evan evangeline evelyn ewa ewan ezekiel ezra fadi fahad faisal faiza faizan
farah fareed farhan farida farouk fatima fatimah fatma fatou fatoumata fatuma felicity felix femi fergus
fernando ffion filip finlay finley finn fiona fionnuala flavia fletcher flora folasade frances francesca
francis franciszek frankie fraser freddie frederick freya gabriel gabriela gabriella gabrielle gareth
gary gavin gaynor gemma geoffrey george georgie georgina gerald geraldine gerard gethin ghulam gianna
gillian gina giovanni gladys glenn glenys gloria godfrey gordon graham grainne greg gregory greta
grzegorz gulsen gurdeep gurpreet gwen gwendolyn gwyneth hadiya hafsa hafsah halima halimah hamish hamza
hamzah hana hania hanna hannah haris harish harley haroon harpreet harriet harris harrison harry harvey
hasan hashim hassan hattie hayden hayley heidi helen helena hendrix henry hermione hilary hilda hina
howard huda hugh hugo humaira humza husna hussain hussein huw iain ian ibrahim idris ieuan ifan ifeoma
igor ikram ilhan ilona imaan iman imani imogen imran ines ingrid ioan ioana iona ionut iqra irene irfan
irina isaac isabel isabella isabelle isha ishaan isla ismael ismail israr issa ivan ivana iwona iyla
izabela jacek jack jackie jackson jacob jacqueline jada jaden jahid jai jaiden jake jakub jamal james
jamie jamil jan jana jane janet janette janice janine jared jarek jaroslaw jasmin jasmine jason jaspal
jaspreet javed javier jay jayden jayla jayne jed jeff jeffrey jemima jemma jennifer jenny jeremiah
jeremy jermaine jerome jerzy jess jessica jessie jethro jia jiang jill jim jimmy jin joan joann joanna
joanne joao jodie joe joel joelle johan johannes john johnny jon jonah jonas jonathan jose josef joseph
josephine josh joshua josiah joyce jude judith judy julia julian julie juliet juliette juma junaid kacey
kacper kai kaitlyn kaleb kalina kamal kamil kamila kamran karan kareem karen karim karina karl karolina
kasia kasper katarzyna kate katelyn katherine kathleen kathryn katie katrina katy katya kavita kay kaya
kayden kayla kayleigh keeley keiran keisha keith kelechi kellie kelly kelsey kelvin ken kendra kenneth
kenny kenzie keri kerry kevin khadija khadijah khadra khalid khalil khloe khushi kian kiana kiera kieran
kieron kimberley kimberly kinga kiran kirsten kirsty kobe kofi kojo kris krish krishna kristian kristina
kristopher krystal krystian krzysztof kuba kumar kwabena kwaku kwame kyan kyla kyle kyra kyran lacey
laiba laila laith lakshmi lana lara larissa latisha latoya laura lauren laurence lauryn lawrence layla
layton leah leanne leena leila lena lenny leo leon leona leonard leonardo leonie leroy lesley leslie
lester levi lewis lexi lexie lia liam liana libby lidia lilian liliana lillian lilly lily lina linda
lindsay lindsey lisa liudmila liz lizzie llewellyn lloyd logan lola loretta lorna lorraine lottie lou
louie louis louisa louise luca lucas lucia lucian lucinda lucja lucy luis lukasz luke luna lydia lyla
lynda lyndsey lynn lynne maciej mackenzie maddie maddison madeleine madiha madison magda magdalena
maggie maha mahad mahdi mahir mahmood mahmoud mahnoor maia maida maisha maisie maja makayla malachi
malachy malaika malak malcolm malik malika mamadou mandy manjit manuel mara marcel marcia marcin marco
marcos marcus marek margaret maria mariah mariam mariama marian marie mariella marilyn mario marion
marissa marius marjorie marlon marta martha martyna mary maryam maryan marzena matei mateo mateusz
matilda matthew matthias maureen maurice mauro maxim maximilian maxine maxwell maya mehmet mei mel
melanie melissa meredith mia micah michael michaela michal michelle miguel mihaela mihai mika mikael
mikaela mikey mila milan milena millie milo mimi mira miranda mirela miriam misbah mitchell miya moesha
mohamed mohammad mohammed mohamud mohsin moira mollie molly mona monica monika morgan morwenna moses
muhammad muhammed mukhtar mumtaz muna murad muriel murtaza musa mustafa myfanwy myles myra nabil nabila
nadia nadine nafisa naima najma nancy naomi narinder nasir nasra nasreen nasrin natalia natalie natasha
nathan nathaniel naveed naveen navid nayan ned neha neil nelson nerys ngozi nia niall niamh nicholas
nicola nicolae nicole nigel nihal nikhil nikita nikki nikola nikolai nina nisha nishant nkechi noah noel
noor nora noreen norma nour nuala nur nura nyah obinna octavia oisin ola olanrewaju oleksandr olena olga
oliver olivia ollie olu oluwaseun oluwatobi omar omari omer oona orla orlaith oscar osian oskar osman
otis owain owen pablo paddy paige pamela paolo parveen pascal patricia patrick patrycja patryk paul
paula pauline pavel pawel pedro penelope percy peter petra petru philip philippa phillip phoebe phyllis
pierre piotr polly poppy pradeep pranav priscilla priti priya przemyslaw queenie quentin quinn rabia
rachael rachel radoslaw radu rafael rafal rafe rafferty raheem rahim rahma rahman rahul raja rajan
rajesh ralph ramona ramsha rana randeep rania raphael rares rashid rashida raul raveena ravi ravinder
raya raymond rayyan razia reanne rebecca rebekah reece reena reggie regina rehan rehana rekha remi
renata rene renee rhian rhianna rhiannon rhona rhonda rhys ria ricardo richard ricky rihanna riley rita
ritika riya roan robbie robert roberta roberto rochelle roderick rodney rodrigo rohan roisin roksana
roland romana romeo romina romy ronald ronan ronnie rory rosalind rosanna roseanne rosemary rosie rowena
roxanne roy royston ruaridh rudi rudy rufus rukhsana rupert russell ruth ryan ryszard saad saanvi sabina
sabrina sachin sade sadia sadie safa safiya safiyyah sahar sahil saif saima sajid sakina salim salima
sally salma salman salome sam samantha samara sameer samia samina samir samira samson samuel sandeep
sandra sania sanjay saoirse sara sarah sasha saskia saul scott seamus sean seb sebastian selena selim
selina selma seren serena sergio sergiu seth seun seyi shabana shabnam shafiq shah shaheen shahid
shahzad shaima shakira shamima shamso shanaya shane shanelle shania shanice shannon sharon shaun shauna
shayla shayna sheena sheila shelby sheree shirley shona shreya shyanne sian sidney sidra sienna sikander
simon simone simran sinead siobhan sioned sofia solomon sonia sonja sophia sophie soraya stacey stacy
stanislaw stanley stefan stefania steffan stella stephanie stephen steve steven stewart stuart subhan
sufyan sukhdeep suleiman suleman sumaya sumayyah sumera suneet sunita suraj surinder susan susanna susie
suzanne suzie svetlana syed sylvia szymon tabitha taha tahir tahira tahmina talha talia tamanna tamara
tamika tamsin tania tanisha tanya tara tariq taryn tasha tasnim tatiana tatyana tayla taylah ted teddy
tegan temitope tendai terence teresa teri terrence terri tess tessa thea theo theodore theresa thi
thomas tia tiago tiana tiegan tiffany tilly tim timothy tina titilayo tobi tobias toby todd tom tomas
tomasz tommy toni tony tonya tracy travis trevor tricia tristan tudor tunde tyler tyra tyrell tyrese
tyrone ugne ugochukwu uma umair umar umer ursula usman uzair valentina valeria valerie vanessa vasile
vera verity vernon veronica veronika vicky victor vijay vikram viktor viktoria vince vincent viorel
vivian vivienne vlad vladimir wahid wajid waleed walter wanda waqar waqas wasim wayne wei wendy wesley
wiktor wiktoria wilfred william winifred winston wojciech xander xanthe xavier xin xiu yahya yan yara
yaseen yash yasin yasir yasmeen yasmin yasmina yaw yesenia yetunde ying yolanda yosef youssef yuan yunus
yuri yusra yusuf yves yvette yvonne zac zach zachariah zachary zack zaheer zahid zahra zahraa zaid zain
zaina zainab zak zakaria zakariya zakir zane zara zarah zayd zayn zaynab zeeshan zeinab zelda zeynep
zhang ziad zina zoe zofia zohra zoltan zoya zubair zulfiqar zuri zuzanna zygmunt
"""

_ALSO_WORDS = """
alma amber angel april art ash august austin autumn bailey barry baxter bay beau berry bill blake blaze
blessing bob bonny brook brooke brooklyn buddy bunny carmel carter chad chance charity chase chelsea
chester chip christian clay clement cliff coco constance cooper crystal dale dawn dean dell
delta den destiny drew duke earl easter ebony eden elder ember emerald ernest eve fable faith favour
fern finch flint florence ford forest fox frank gene georgia gift ginger glen glory grace grant guy
harmony haven hazel heath heather henna holland holly honey hope hunter india iris israel ivory ivy jade
jean jesus jet jewel jordan journey joy juan june juniper justice kent king kit kitty lake lane lark
laurel lee legend lincoln london love marina mark marley martin mason maverick max may melody mercedes
mercy merit miles milly mina miracle misty nana nick noble norman nova ocean olive opal page paris
parker pat patience patsy patty paxton peace pearl penny petal peyton phoenix piers pip porter praise
pratt precious preston primrose prince princess promise prudence queen rain raven ray reed reign reuben
rich river rob robin rock roman rose ross rowan ruby rusty sage said sandy scarlet scarlett scout
shelley sierra skip sky skye sonny spencer stan star stone storm sue sultan summer sunny sydney tanner
taylor teal temperance terry tiger tracey trinity tucker tyne victoria violet virginia wade walker ward
warren west will willow winter wisdom woody york zion
"""

FIRST_NAMES = frozenset(_NAMES_ALONE.split())
"""Names that mean nothing else."""

NAMES_THAT_ARE_WORDS = frozenset(_ALSO_WORDS.split())
"""Names that are also words, months, places or record systems, such as may, will and paris."""
