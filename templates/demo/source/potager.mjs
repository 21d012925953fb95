import {rng,mix,rect,poly,path,circle,ellipse,bands,svg,cloud,cypress,bush,house,person,n} from './kit.mjs'
const r=rng(31); let o=''
o+=bands(0,470,'#8fbfdc','#f2ead0',12)+circle(1380,130,62,'#fff1cf')+circle(1380,130,92,'#fff1cf','opacity=".35"')
o+=cloud(180,120,1.1)+cloud(820,90,.9)+cloud(1080,190,.7)
// hills and village
o+=path('M0 470V330C120 270 240 250 380 300C520 340 640 300 760 260C900 220 1040 300 1180 320C1340 340 1480 290 1600 260V470z','#8fa98c')+path('M0 480V400C200 350 340 380 520 400C720 420 900 350 1100 380C1300 410 1460 370 1600 350V530H0z','#75976f')
o+=path('M560 400C640 372 690 300 735 232C752 214 790 214 806 236C850 310 900 372 990 400z','#8f9468')+path('M806 236C850 310 900 372 990 400H850C830 340 800 280 780 224z','#7d835b')

{ const hs=[]; for(let k=0;k<36;k++){ const t=r(), y=235+t*95, L=760-(y-220)*.95, R=770+(y-220)*.95; hs.push([y,L+r()*(R-L-18)]) } hs.sort((a,b)=>a[0]-b[0]); for(const [y,x] of hs) o+=house(r,x,y,24+r()*10,30+r()*16,{rs:.8}); o+='' }
o+=cypress(650,345,64)+cypress(890,350,58)
// school
{ const x=90,y=520,w=500,h=230; o+=rect(x,y-h,w,h,'#f2dcae')+rect(x+w*.86,y-h,w*.14,h,'#d4b581')+poly([[x-24,y-h],[x+30,y-h-70],[x+w-30,y-h-70],[x+w+24,y-h]],'#b4523a')+poly([[x+w*.86,y-h],[x+w*.84,y-h-70],[x+w-30,y-h-70],[x+w+24,y-h]],'#93402b')+rect(x-24,y-h-3,w+48,7,'#7d3524')
 for(let k=0;k<14;k++) o+=rect(x+34+k*31,y-h-66,4,60,'#a04730','opacity=".6"')
 // bell turret
 o+=rect(x+218,y-h-120,60,58,'#f2dcae')+rect(x+262,y-h-120,16,58,'#d4b581')+poly([[x+206,y-h-118],[x+248,y-h-156],[x+290,y-h-118]],'#b4523a')+path(`M${x+234} ${y-h-70}v-22a14 14 0 0 1 28 0v22z`,'#5b4438')+path(`M${x+240} ${y-h-72}q0-14 8-14q8 0 8 14z`,'#e0a83c')
 for(const wx of [30,140,310,390]) { o+=rect(x+wx,y-h+46,64,96,'#fbf3df')+rect(x+wx+5,y-h+51,54,86,'#6f9fb8')+rect(x+wx+5,y-h+51,54,26,'#9cc3d4')+rect(x+wx+30,y-h+51,4,86,'#fbf3df')+rect(x+wx+5,y-h+92,54,4,'#fbf3df')+rect(x+wx-4,y-h+142,72,8,'#d9c29a') }
 o+=path(`M${x+226} ${y}v-112a24 24 0 0 1 48 0V${y}z`,'#3f6b6f')+circle(x+264,y-60,4,'#e0a83c')
 o+=rect(x+180,y-h+12,140,26,'#1f4e79','rx="4"')+`<text x="${x+250}" y="${y-h+32}" font-family="Bricolage Grotesque,sans-serif" font-weight="700" font-size="20" fill="#fff" text-anchor="middle" letter-spacing="3">ÉCOLE</text>`
 }
// hedge and fence
o+=path('M590 520C700 470 820 490 940 480C1100 470 1200 490 1330 470C1440 460 1520 470 1600 460V560H590z','#4d7847')
for(let k=0;k<16;k++) o+=bush(610+k*66+r()*16,500+r()*14,30+r()*12,k%2?'#4d7847':'#3f6b45','#6f9a58')
// olive tree
o+=path('M1296 590C1290 520 1270 480 1300 420L1330 424C1316 480 1344 520 1350 590z','#7d6a55')+path('M1306 470L1250 410L1262 400L1318 446zM1322 450L1392 396L1400 408L1330 476z','#7d6a55')
for(const [x,y,a] of [[1310,350,92],[1238,390,62],[1394,380,68],[1270,318,60],[1360,310,62]]) o+=ellipse(x,y,a,a*.66,'#7f9a7a')+ellipse(x+a*.16,y-a*.14,a*.72,a*.42,'#9bb394')
// grass and soil
o+=bands(520,900,'#9dbb6c','#6f9550',8)
o+=path('M640 520C700 640 720 760 700 900H840C830 760 780 640 700 520z','#e3cf9f')+path('M670 520C740 640 770 760 780 900H840C830 760 780 640 700 520z','#d3bd8b')
// raised beds in rows
function bed(x,y,w,h,plants){ let s=ellipse(x+w/2,y+h+8,w*.54,12,'#4d6b3a','opacity=".4"')+poly([[x+h*.5,y-h*.5],[x+w-h*.5,y-h*.5],[x+w,y+h*.28],[x,y+h*.28]],'#5b3f2e')+poly([[x+h*.5,y-h*.5],[x+w-h*.5,y-h*.5],[x+w-h*.44,y-h*.42],[x+h*.44,y-h*.42]],'#7a5a44'); s+=plants(x,y,w,h); s+=rect(x-4,y+h*.2,w+8,h*.62,'#b98a55')+rect(x-4,y+h*.2,w+8,5,'#d8ae78')+rect(x-4,y+h*.5,w+8,3,'#8a623d')+rect(x-8,y+h*.14,14,h*.76,'#a5764a')+rect(x+w-6,y+h*.14,14,h*.76,'#8a623d'); return s }
const tomatoes=(x,y,w,h)=>{let s='';for(let k=0;k<5;k++){const a=x+w*(.12+k*.19);s+=rect(a-2,y-h*2.1,4,h*2.3,'#a5764a');for(let j=0;j<4;j++){s+=ellipse(a-10,y-h*.3-j*h*.44,13,9,'#3f6b45',`transform="rotate(-24 ${n(a)} ${n(y)})"`)+ellipse(a+12,y-h*.5-j*h*.42,13,9,'#5b8a4f')}for(let j=0;j<4;j++)s+=circle(a+(j%2?12:-9),y-h*.4-j*h*.4,7.500,'#d6503a')+circle(a+(j%2?10:-11),y-h*.45-j*h*.4,2.2,'#fff','opacity=".6"')}return s}
const salads=(x,y,w,h)=>{let s='';for(let k=0;k<7;k++){const a=x+w*(.09+k*.137);for(let j=-3;j<=3;j++)s+=ellipse(a+j*6,y-6-(3-Math.abs(j))*3,7,15,k%2?(j%2?'#7fae4f':'#9cc765'):(j%2?'#8a4a5a':'#a9627a'),`transform="rotate(${j*17} ${n(a+j*6)} ${n(y)})"`)}return s}
const leeks=(x,y,w,h)=>{let s='';for(let k=0;k<9;k++){const a=x+w*(.07+k*.107);s+=rect(a-4,y-24,8,30,'#f1ecd6','rx="3"');for(const d of [-20,-9,4,16])s+=path(`M${n(a-4)} ${n(y-20)}q${n(d*.4)} -34 ${n(d)} -56q6 30 ${n(-d+8)} 56z`,d%2?'#4f8358':'#6f9f72')}return s}
const squash=(x,y,w,h)=>{let s='';for(let k=0;k<4;k++){const a=x+w*(.16+k*.225);for(const [dx,dy] of [[-26,-14],[24,-20],[0,-34]])s+=circle(a+dx,y+dy,17,'#5b8a4f')+circle(a+dx+4,y+dy-4,9,'#77a862');s+=ellipse(a,y-4,27,20,'#e08a34')+ellipse(a,y-4,14,20,'#c97526')+ellipse(a,y-4,6,20,'#e08a34')+rect(a-3,y-30,6,10,'#5b7d3a','rx="2"')}return s}
const flowers=(x,y,w,h)=>{let s='';for(let k=0;k<9;k++){const a=x+w*(.07+k*.107),hh=34+r()*26,c=['#e0a83c','#d6503a','#fbf3df','#b07ac0'][k%4];s+=`<line x1="${n(a)}" y1="${n(y)}" x2="${n(a)}" y2="${n(y-hh)}" stroke="#4d7847" stroke-width="4"/>`+ellipse(a+9,y-hh*.45,9,5,'#5b8a4f');for(let j=0;j<6;j++)s+=ellipse(a,y-hh-9,5.500,10,c,`transform="rotate(${j*60} ${n(a)} ${n(y-hh)})"`);s+=circle(a,y-hh,6,'#8a5a00')}return s}
o+=bed(120,610,330,34,salads)+bed(900,600,360,34,leeks)
// sunflowers behind
for(let k=0;k<6;k++){ const x=1440+k*28, y=610, h=150+r()*50; o+=`<line x1="${x}" y1="${y}" x2="${x}" y2="${n(y-h)}" stroke="#4d7847" stroke-width="6"/>`+ellipse(x+14,y-h*.5,16,8,'#5b8a4f','transform="rotate(-20 '+x+' '+y+')"'); for(let j=0;j<12;j++) o+=ellipse(x,y-h-17,5.500,13,'#f0b93a',`transform="rotate(${j*30} ${x} ${n(y-h)})"`); o+=circle(x,y-h,12,'#6b4327') }
o+=bed(60,728,420,42,tomatoes)+bed(960,718,440,42,squash)
// children and teacher
o+=person(620,742,1.15,{coat:'#1f4e79',hair:'#6b4327',skirt:true,arm:rect(-21,-98,9,44,'#1a4268','rx="4.5"')+rect(12,-98,9,40,'#163a5c','rx="4.5" transform="rotate(-46 16 -96)"'),hat:path('M-26-126C-26-132 26-132 26-126C26-120-26-120-26-126z','#e8cf95')+path('M-14-128C-14-146 14-146 14-128z','#e8cf95')+rect(-14,-132,28,5,'#a63d24')})
o+=person(700,790,.8,{coat:'#e0a83c',hair:'#2f2420',skin:'#9c6a48',legs:'#34506b',arm:rect(-20,-98,9,40,'#c9932c','rx="4"')+rect(12,-96,9,40,'#b98424','rx="4" transform="rotate(-62 16 -94)"')})
o+=`<g transform="translate(744 728)">${path('M0 0h36v30H4z','#5e8a73')+path('M34 6l26-16 4 6-26 22z','#5e8a73')+ellipse(66,-8,8,5,'#4a725f','transform="rotate(-30 66 -8)"')+path('M6 0C6-18 30-18 32 0','none','stroke="#4a725f" stroke-width="5"')}</g>`
for(let k=0;k<9;k++) o+=`<line x1="${812+k*5}" y1="${722+k*3}" x2="${826+k*7}" y2="${742+k*5}" stroke="#bfe0ee" stroke-width="3" stroke-linecap="round"/>`
o+=person(560,742,.78,{coat:'#c4563a',hair:'#b8743a',legs:'#3e6b35',hat:path('M-12-128C-22-118-24-106-20-96l8-6z','#b8743a')+path('M12-128C22-118 24-106 20-96l-8-6z','#b8743a')})
o+=`<g transform="translate(536 752)">${path('M-26-34h58l-8 36h-42z','#c79a62')+path('M-26-34h58l-2 9h-54z','#a5764a')+path('M-22-34C-18-74 24-74 28-34','none','stroke="#a5764a" stroke-width="5"')+circle(-10,-38,9,'#d6503a')+circle(6,-42,10,'#d6503a')+circle(20,-38,8,'#e08a34')+ellipse(-18,-44,6,14,'#6f9a58','transform="rotate(-20 -18 -44)"')}</g>`
o+=person(866,700,.8,{coat:'#3e6b35',hair:'#3b2c25',legs:'#4a5666',arm:rect(-20,-98,9,40,'#345a2c','rx="4" transform="rotate(24 -16 -96)"')+rect(12,-98,9,40,'#2b4c25','rx="4" transform="rotate(-20 16 -96)"')})
o+=`<line x1="898" y1="588" x2="920" y2="712" stroke="#a5764a" stroke-width="7" stroke-linecap="round"/>`+path('M910 704l26-4 2 10-24 12z','#7d8791')
// foreground bed and signs
o+=bed(180,858,560,46,flowers)+bed(960,858,540,46,salads)
for(const [x,y,c] of [[150,724,'#d6503a'],[1010,712,'#e08a34'],[905,596,'#6f9f72'],[130,606,'#9cc765']]) o+=rect(x-3,y-52,6,58,'#a5764a')+rect(x-26,y-78,52,34,'#fbf3df','rx="4"')+circle(x,y-61,9,c)+rect(x-2,y-75,4,7,'#4d7847')
o+=ellipse(884,786,74,17,'#5b3f2e')+ellipse(884,783,66,13,'#7a5a44'); for(let k=0;k<7;k++){const x=834+k*17,y=786+(k%2)*5; o+=ellipse(x-5,y-9,4,9,'#6f9a58',`transform="rotate(-32 ${x} ${y})"`)+ellipse(x+5,y-9,4,9,'#8fbf6a',`transform="rotate(32 ${x} ${y})"`)}
for(let k=0;k<9;k++) o+=`<line x1="${812+k*5}" y1="${722+k*3}" x2="${826+k*7}" y2="${742+k*5}" stroke="#bfe0ee" stroke-width="3" stroke-linecap="round"/>`
// butterflies
for(const [x,y,c] of [[560,600,'#e0a83c'],[1180,560,'#fbf3df'],[420,560,'#d6503a']]) o+=ellipse(x-7,y,8,11,c,`transform="rotate(-24 ${x} ${y})"`)+ellipse(x+7,y,8,11,mix(c,'#ffffff',.25),`transform="rotate(24 ${x} ${y})"`)+rect(x-1.5,y-8,3,18,'#3b3330')
export default svg(o)
