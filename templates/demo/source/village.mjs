import {rng,mix,rect,poly,path,circle,ellipse,bands,svg,cloud,cypress,bush,pine,house,sail,glints,n} from './kit.mjs'
const r=rng(11); let o=''
o+=bands(0,545,'#9cc0d8','#f3dfba',13)
o+=circle(1270,190,128,'#fff4d2','opacity=".28"')+circle(1270,190,104,'#fff4d2','opacity=".35"')+circle(1270,190,76,'#fff1cf')
o+=cloud(150,200,1.35)+cloud(1000,120,1.05)+cloud(560,90,.7,'#f3f1ea',.55)
// sea
o+=bands(545,900,'#6ea3c4','#2a638f',10)
// far coast
o+=path('M860 548C930 510 1010 470 1080 470C1160 470 1230 512 1330 535L1600 548z','#7f9cb0')+path('M860 548C930 510 1010 470 1080 470C1100 470 1125 474 1150 482C1080 490 1000 520 960 548z','#92adbe')
o+=path('M1120 560C1210 520 1330 512 1420 520C1500 526 1560 530 1600 528V566H1120z','#5d8672')+path('M1120 560C1210 535 1330 540 1600 556V566H1120z','#4a725f')
o+=glints(r,575,890,46,'#cbe3ee',760,1600)
o+=rect(1210,560,120,3,'#fff1cf','opacity=".5"')+rect(1225,580,90,3,'#fff1cf','opacity=".45"')+rect(1200,604,130,3,'#fff1cf','opacity=".35"')+rect(1236,632,76,3,'#fff1cf','opacity=".3"')
o+=sail(1280,735,.95)+sail(1450,640,.52,'#f3f3f0')+sail(1080,650,.36,'#f3f3f0')
const far=o; o=''
// rock
const rock='#8f9468'
o+=path('M-10 880C150 820 330 640 440 470C500 380 560 250 620 190C680 160 720 165 770 210C860 330 920 470 1000 600C1060 700 1130 800 1210 910H-10z',rock)
o+=path('M770 210C860 330 920 470 1000 600C1060 700 1130 800 1210 910H960C900 760 830 480 740 250z',mix(rock,'#55604a',.45))
o+=path('M440 470C400 560 330 640 250 720L330 705C400 640 450 560 470 500z',mix(rock,'#d9cfa6',.4))
for(const [x,y] of [[330,720],[520,420],[930,560],[1040,735],[1100,830],[410,600],[860,420]]) o+=path(`M${x} ${y}l26-18l34 6l10 26l-40 14z`,mix(rock,'#6d6f55',.5))
// castle garden and church
const items=[]
const edgeL=y=>{ const pts=[[190,640],[300,560],[470,470],[640,330],[880,60]]; for(let i=0;i<pts.length-1;i++){ if(y>=pts[i][0]&&y<=pts[i+1][0]){const t=(y-pts[i][0])/(pts[i+1][0]-pts[i][0]); return pts[i][1]+(pts[i+1][1]-pts[i][1])*t}} return y<190?650:40 }
const edgeR=y=>{ const pts=[[200,760],[340,850],[470,915],[600,985],[720,1060],[890,1180]]; for(let i=0;i<pts.length-1;i++){ if(y>=pts[i][0]&&y<=pts[i+1][0]){const t=(y-pts[i][0])/(pts[i+1][0]-pts[i][0]); return pts[i][1]+(pts[i+1][1]-pts[i][1])*t}} return 780 }
for(let y=300;y<=890;y+=46){ const t=(y-300)/590, L=edgeL(y)+26, R=edgeR(y)-40; let x=L+r()*20; while(x<R){ const w=52+r()*34+t*22, h=66+r()*46+t*20; if(x+w>R+14) break; items.push([y+r()*20-10,()=>house(r,x0,yy,w,h)]) ; const x0=x, yy=y+r()*16; items[items.length-1]=[yy,((a,b,c,d)=>()=>house(r,a,b,c,d))(x0,yy,w,h)]; x+=w*(.86+r()*.28) + (r()<.2+t*.22?20+r()*34:0); if(r()<.28+t*.2) items.push([yy+4,((a,b,c)=>()=>bush(a,b,c, r()<.5?'#3f6244':'#4d7847', '#6f9a58'))(x-6,yy-8,13+r()*15+t*9)]) } }
for(const [x,y,h] of [[455,505,120],[478,520,92],[332,660,112],[905,600,130],[932,620,104],[1010,740,130],[1128,850,120],[392,600,80],[560,395,84]]) items.push([y,()=>cypress(x,y,h)])
// church on top, drawn behind the first rows
o+=house(r,596,352,74,86,{wall:'#f4e6cb'})+house(r,742,372,74,92,{wall:'#dfae83'})
o+=rect(690,196,104,170,'#ecc98f')+rect(764,196,30,170,'#d9ad71')+poly([[682,198],[742,152],[802,198]],'#b4523a')+poly([[742,152],[802,198],[768,198]],'#93402b')+rect(712,236,14,24,'#3b3330')+rect(742,236,14,24,'#3b3330')
o+=rect(628,118,58,236,'#eccf97')+rect(668,118,18,236,'#d9ad71')+rect(622,112,70,10,'#b4523a')+path('M632 112C630 76 650 58 657 58C664 58 684 76 682 112z','#cf8458')+path('M657 58C664 58 684 76 682 112H668C670 84 662 64 657 58z','#b06a42')+rect(655.5,24,3,36,'#3b3330')
o+=path('M645 168v-18a10 10 0 0 1 20 0v18z','#3b3330')+circle(655,200,13,'#fbf7ec')+circle(655,200,13,'none','stroke="#3b3330" stroke-width="2"')+path('M655 192v8l6 4','none','stroke="#3b3330" stroke-width="2.5" stroke-linecap="round"')
items.sort((a,b)=>a[0]-b[0]); for(const [,d] of items) o+=d()
const hill=o; o=far+`<g transform="translate(60 118) scale(.87)">${hill}</g>`
// foreground
o+=path('M-10 910V858C90 848 180 862 250 874C360 892 470 880 560 892C700 908 900 884 1010 900C1060 905 1120 902 1230 912z','#3d5f42')
o+=bush(40,880,44)+bush(120,896,34,'#4d7847','#6f9a58')+bush(230,898,30)+bush(1120,900,36,'#4d7847','#6f9a58')+bush(1190,912,30)
o+=pine(92,900,300)
// gulls
for(const [x,y,s] of [[1010,300,1],[1060,330,.7],[960,350,.6],[420,180,.7]]) o+=path(`M${x-16*s} ${y-4*s}Q${x-8*s} ${y-12*s} ${x} ${y}Q${x+8*s} ${y-12*s} ${x+16*s} ${y-4*s}`,'none',`stroke="#4a5666" stroke-width="${2.4*s}" stroke-linecap="round"`)
export default svg(o)
