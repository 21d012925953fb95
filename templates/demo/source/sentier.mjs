import {rng,mix,rect,poly,path,circle,ellipse,bands,svg,cloud,cypress,bush,pine,house,sail,glints,person,n} from './kit.mjs'
const r=rng(5); let o=''
// morning sky and sea, seen from the path
o+=bands(0,430,'#8fbbd8','#f7e8c9',12)
o+=circle(380,210,110,'#fff4d2','opacity=".35"')+circle(380,210,84,'#fff4d2','opacity=".4"')+circle(380,210,60,'#fff3d6')
o+=cloud(620,150,1.2)+cloud(80,120,.8)+cloud(1220,90,1)
o+=bands(430,900,'#79b0cd','#235c88',12)
o+=path('M0 436V400C60 380 130 372 200 384C290 398 350 420 430 436z','#7f9cb0')+path('M0 440V418C80 404 170 410 250 426L300 440z','#5d8672')
o+=glints(r,450,820,60,'#d3e8f0',0,1150)
for(const [y,w] of [[446,150],[466,120],[488,160],[512,100],[540,130]]) o+=rect(380-w/2,y,w,3,'#fff3d6','opacity=".5"')
o+=sail(640,560,.9)+sail(250,500,.5,'#f3f3f0')+sail(840,482,.32,'#f3f3f0')
// slope on the right, village far up
const soil='#a9a36d', dark='#7f8459'
o+=path('M1600 150C1480 170 1400 220 1330 300C1240 400 1120 470 1000 540C860 620 700 700 560 800L470 900H1600z',soil)
o+=path('M1600 250C1500 270 1420 330 1360 400C1290 480 1180 540 1080 600C940 690 820 760 740 900H1600z',mix(soil,'#7f8459',.55))
o+=path('M1330 300C1240 400 1120 470 1000 540C860 620 700 700 560 800L470 900H540C640 810 800 700 960 612C1110 530 1250 450 1345 330z',mix(soil,'#efe6bd',.45))
// small village on the ridge
{ const hs=[]; for(let k=0;k<15;k++){ const x=1330+k*17+r()*6, t=k/15, y=300-t*150+18; hs.push([y,x]) } hs.sort((a,b)=>a[0]-b[0]); for(const [y,x] of hs) o+=house(r,x,y+6,26+r()*10,34+r()*20,{rs:.8}) 
 o+=rect(1490,62,22,140,'#eccf97')+rect(1505,62,7,140,'#d9ad71')+path('M1490 62C1489 46 1499 38 1501 38C1503 38 1513 46 1512 62z','#cf8458')+rect(1486,60,30,5,'#b4523a') 
 for(let k=0;k<9;k++) o+=house(r,1350+k*28+r()*8,330-k*13+r()*10,30+r()*8,34+r()*14,{rs:.8}) }
for(const [x,y,h] of [[1325,330,70],[1590,240,90],[1300,352,50],[1460,300,60]]) o+=cypress(x,y,h)
// terraces: dry stone walls
function wall(pts,h,seed){ const q=rng(seed); let s=''; const at=t=>{ const m=(pts.length-1)*t, i=Math.min(pts.length-2,Math.floor(m)), f=m-i; return [pts[i][0]+(pts[i+1][0]-pts[i][0])*f, pts[i][1]+(pts[i+1][1]-pts[i][1])*f, h[i]+(h[i+1]-h[i])*f] }
 const top=[],bot=[]; for(let k=0;k<=40;k++){const [x,y,hh]=at(k/40); top.push([x,y-hh]); bot.unshift([x,y])} s+=poly([...top,...bot],'#8d8674')
 const total=Math.hypot(pts.at(-1)[0]-pts[0][0],pts.at(-1)[1]-pts[0][1]); const rows=5; for(let row=0;row<rows;row++){ let t=q()*.01; while(t<1){ const [x,y,hh]=at(Math.min(1,t)); const sh=hh/rows, sw=(sh*1.1+q()*sh*1.5); const t2=Math.min(1,t+sw/total); const [x2,y2,h2]=at(t2); const a=y-hh+sh*row, b=y2-h2+(h2/rows)*row; const c=['#c9bd9d','#bdb193','#d6caac','#b3a88c','#cbb999'][Math.floor(q()*5)]; const g=1.6; s+=poly([[x+g,a+g],[x2-g,b+g],[x2-g,b+h2/rows-g],[x+g,a+sh-g]],c); t=t2 } } 
 // cap stones
 for(let k=0;k<40;k++){ const [x,y,hh]=at(k/40), [x2,y2,h2]=at((k+1)/40); s+=poly([[x,y-hh-5],[x2-1.5,y2-h2-5],[x2-1.5,y2-h2+2],[x,y-hh+2]],k%2?'#e3d9bf':'#d8cdb0') } return s }
o+=wall([[1600,470],[1450,500],[1330,545],[1210,600]],[52,44,34,24],3)
o+=bush(1560,418,34)+bush(1490,440,26,'#6f8a4d','#93ad66')+bush(1400,470,22)+cypress(1530,425,150)+bush(1440,462,16,'#8a6fa0','#a58bb9')
// the path: steps of stone coming towards us
const L=[[1250,560],[1120,622],[960,690],[760,780],[560,900]], R=[[1300,575],[1225,650],[1150,735],[1075,830],[1040,900]]
const lerp=(P,t)=>{const m=(P.length-1)*t,i=Math.min(P.length-2,Math.floor(m)),f=m-i;return [P[i][0]+(P[i+1][0]-P[i][0])*f,P[i][1]+(P[i+1][1]-P[i][1])*f]}
{ const K=15; for(let k=0;k<K;k++){ const t0=Math.pow(k/K,1.25), t1=Math.pow((k+1)/K,1.25); const a=lerp(L,t0),b=lerp(R,t0),c=lerp(R,t1),d=lerp(L,t1); const riser=6+t1*22; o+=poly([a,b,c,d],mix('#e9dcbd','#f3ead2',k%2))
   const m=3+Math.floor(r()*2); for(let j=1;j<m;j++){ const u=j/m+(r()-.5)*.12; const p=[a[0]+(b[0]-a[0])*u,a[1]+(b[1]-a[1])*u], q=[d[0]+(c[0]-d[0])*u,d[1]+(c[1]-d[1])*u-riser*.6]; o+=`<line x1="${n(p[0])}" y1="${n(p[1])}" x2="${n(q[0])}" y2="${n(q[1])}" stroke="#c4b490" stroke-width="${n(1+t1*2.4)}"/>` }
   o+=poly([[d[0],d[1]-riser],[c[0],c[1]-riser],c,d],'#b8a883')+poly([[d[0],d[1]-riser],[c[0],c[1]-riser],[c[0],c[1]-riser+3+t1*3],[d[0],d[1]-riser+3+t1*3]],'#fbf4e0') } }
// rebuilt low wall on the right of the path, towards us
o+=wall([[1300,575],[1225,650],[1150,735],[1075,830],[1035,905]].map(([x,y])=>[x+14,y]).reverse(),[150,120,84,56,34],9)
o+=path('M1048 905C1110 830 1180 740 1250 655C1290 610 1330 570 1370 540L1600 500V905z',mix(soil,'#8f9a5c',.5))
o+=path('M1180 905C1240 800 1330 700 1430 640L1600 590V905z',mix(soil,'#6d7d4a',.7))
// plants on the right
for(let k=0;k<26;k++){ const x=1150+r()*450, y=700+r()*200; if(y<905-(x-1080)*.9) continue; const h=22+r()*26; for(let j=-3;j<=3;j++) o+=`<path d="M${n(x)} ${n(y)}q${n(j*4)} ${n(-h*.6)} ${n(j*7)} ${n(-h)}" stroke="#5d7b48" stroke-width="2.5" fill="none"/>`; for(let j=-3;j<=3;j++) o+=ellipse(x+j*7,y-h-4,3.2,8,['#8d6fb0','#a58bc6','#7d5fa3'][Math.abs(j)%3]) }
o+=pine(1510,905,470,'#7a5540','#3f6e4b','#588f5c')
// agaves and bushes on the left, under the path
for(const [x,y,s] of [[250,890,1.2],[430,905,1],[120,905,1.5]]) { for(let k=-5;k<=5;k++) o+=path(`M${x-8*s} ${y}Q${x+k*16*s} ${y-52*s} ${x+k*24*s} ${y-(96-Math.abs(k)*11)*s}Q${x+k*20*s} ${y-46*s} ${x+8*s} ${y}z`,k%2?'#6f9a86':'#5b8672') }
o+=bush(330,905,38,'#4d7847','#6f9a58')+bush(30,905,52)+bush(520,910,26,'#6f8a4d','#93ad66')
// walkers, ribbon and sign
o+=person(1004,736,.86,{coat:'#c4563a',hair:'#e9e4da',arm:rect(-20,-98,9,40,'#b24a30','rx="4"')+`<line x1="24" y1="-52" x2="34" y2="2" stroke="#5b4634" stroke-width="4" stroke-linecap="round"/>`+rect(12,-96,9,46,'#94402a','rx="4" transform="rotate(-14 16 -90)"'),hat:path('M-19-128h38l-6-4C10-142-10-142-13-132z','#e0c48a')})
o+=person(936,748,.82,{coat:'#2f6d5b',hair:'#7a4a2c',skin:'#e7b48c',skirt:false,hat:path('M-13-124C-20-112-20-100-16-92L-10-100C-14-110-12-118-10-124z','#7a4a2c')})
o+=person(880,762,.56,{coat:'#e0a83c',hair:'#3b2c25',legs:'#34506b'})
o+=`<g transform="translate(800 792)">${ellipse(0,-22,30,15,'#e9dfcf')+rect(-22,-16,6,18,'#e9dfcf')+rect(16,-16,6,18,'#d8ccb7')+circle(32,-34,11,'#e9dfcf')+path('M34-44l10-2l-4 12z','#a98c6c')+circle(36,-35,1.8,'#3b2c25')+path('M-28-28C-40-34-42-42-38-46','none','stroke="#e9dfcf" stroke-width="5" stroke-linecap="round"')}</g>`
o+=`<g transform="translate(690 800)">${rect(-6,-150,12,170,'#8a6a48')+rect(-3,-150,4,170,'#a5845e')+path('M-92-196h150l26 24-26 24h-150z','#c4703f')+path('M-92-196h150l26 24h-176z','#d08553')+rect(-76,-178,104,6,'#fbf4e0','rx="3"')+rect(-76,-164,70,6,'#fbf4e0','rx="3"')}</g>`
export default svg(o)
