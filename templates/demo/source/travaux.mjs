import {rng,mix,rect,poly,path,circle,ellipse,bands,svg,cloud,cypress,bush,pine,house,sail,glints,person,n} from './kit.mjs'
const r=rng(90); let o=''
o+=bands(0,430,'#8fbbd8','#f4e6c8',12)+cloud(240,110,1.2)+cloud(900,80,.9)+cloud(1250,170,.8)
o+=bands(400,470,'#6ea3c4','#4f8bb3',3)+path('M1050 404C1160 360 1280 350 1400 372C1480 386 1550 394 1600 392V420H1050z','#7f9cb0')+sail(1240,452,.5,'#f3f3f0')+sail(1420,440,.36,'#f3f3f0')
o+=bands(470,660,'#b5bb82','#93a06a',6)+path('M0 500C200 478 460 500 700 560V660H0z','#a3ad74')
for(let k=0;k<9;k++) o+=bush(60+k*66+r()*20,548+k*5+r()*10,16+r()*12,k%2?'#4d7847':'#5b8a4f','#77a862')
// village far left on its rock
o+=path('M-10 500C60 440 160 330 240 250C290 200 330 220 370 270C430 350 500 430 640 520z','#8f9468')
{ const hs=[]; for(let k=0;k<46;k++){ const t=Math.pow(r(),.7), y=258+t*190, L=285-(y-235)*1.05, R=310+(y-235)*.95; hs.push([y,L+r()*(R-L-24)]) } hs.sort((a,b)=>a[0]-b[0]); o+=rect(288,168,22,90,'#eccf97')+rect(303,168,7,90,'#d9ad71')+path('M286 170C285 152 296 144 299 144C302 144 313 152 312 170z','#cf8458'); for(const [y,x] of hs) o+=house(r,x,y,28+r()*12,36+r()*20,{rs:.8}); }
o+=cypress(120,430,76)+cypress(470,430,70)+cypress(520,452,54)
// town fronts on the right
function front(x,w,h,wall,shop,base=620){ let s=rect(x,base-h,w,h,wall)+rect(x+w*.84,base-h,w*.16,h,mix(wall,'#8a5f4c',.3))+poly([[x-12,base-h],[x+14,base-h-34],[x+w-14,base-h-34],[x+w+12,base-h]],'#b4523a')+rect(x-12,base-h-2,w+24,6,'#7d3524'); const cols=w>200?3:2; for(let fy=base-h+28;fy<base-170;fy+=88) for(let c=0;c<cols;c++){ const cx=x+w*((c+.6)/(cols+.35)); s+=rect(cx-16,fy,32,54,'#fbf3df')+rect(cx-13,fy+3,26,48,'#5f8aa3')+rect(cx-13,fy+3,26,16,'#8fb6c8')+rect(cx-33,fy-2,15,60,'#5e8a73')+rect(cx+18,fy-2,15,60,'#4a725f')+rect(cx-21,fy+54,42,5,'#d9c29a') }
 if(shop){ s+=rect(x+18,base-128,w*.62,120,'#33424f')+rect(x+26,base-92,w*.62-16,76,'#a9c9d4')+rect(x+26,base-92,w*.62-16,26,'#c8dfe6')+rect(x+w*.72,base-120,w*.17,120,'#6b4a35')+rect(x+w*.745,base-108,w*.12,54,'#a9c9d4'); const k=8,b=(w*.62+20)/k; for(let j=0;j<k;j++) s+=path(`M${n(x+8+b*j)} ${base-146}h${n(b)}v34a${n(b/2)} 11 0 0 1-${n(b)} 0z`,j%2?'#fbf3df':shop) } else s+=rect(x+w*.4,base-120,w*.24,120,'#3f6b6f')
 return s }
o+=front(700,210,330,'#f0d5a6','#a63d24')+front(910,180,390,'#e3b196','')+front(1090,230,340,'#f4e6cb','#1f4e79')+front(1320,200,400,'#dfae83','')+front(1520,160,330,'#ecc98f','#3e6b35')
// plane trees
for(const x of [640,1006,1420]) { o+=path(`M${x-13} 640L${x-7} 440H${x+7}L${x+13} 640z`,'#b5a58a')+rect(x-5,480,7,26,'#8d7f68')+rect(x+1,540,6,30,'#8d7f68'); for(const [dx,dy,a] of [[0,-250,80],[-52,-214,56],[54,-216,58],[-26,-282,50],[30,-286,48]]) o+=ellipse(x+dx,640+dy,a,a*.8,'#5b8a4f')+ellipse(x+dx+a*.16,640+dy-a*.16,a*.68,a*.5,'#77a862') }
// pavement and road
o+=rect(0,612,1600,40,'#d9cdb4')+rect(0,648,1600,8,'#b3a88c'); for(let k=0;k<40;k++) o+=rect(k*42+(k%2)*8,612,2,36,'#c3b698')

o+=bands(656,900,'#6a6f78','#565b66',7)
o+=rect(0,656,1600,4,'#4a4f5a')
// trench, cut in the road
o+=poly([[520,730],[1180,730],[1240,830],[450,830]],'#4a3a30')+poly([[520,730],[1180,730],[1184,738],[514,738]],'#3a2c25')+poly([[528,740],[1172,740],[1198,784],[492,784]],'#7a5a44')+poly([[492,784],[1198,784],[1240,830],[450,830]],'#5b4334')
o+=rect(470,776,750,34,'#3f86b8','rx="17"')+rect(470,780,750,9,'#7db7da','rx="4"')+rect(470,800,750,8,'#2f6a94','rx="4"')
for(const x of [640,860,1060]) o+=rect(x,770,26,46,'#2f6a94','rx="5"')+rect(x+4,770,6,46,'#5d9cc4')
for(let k=0;k<40;k++){ const x=480+r()*740; o+=ellipse(x,826+r()*10,5+r()*9,4+r()*5,['#8a6a52','#a58669','#6b4f3c'][k%3]) }
o+=poly([[440,836],[1250,836],[1256,846],[434,846]],'#4a4f5a')
// heap of earth
o+=path('M150 850C190 790 240 742 300 740C350 738 380 780 440 850z','#8a6a52')+path('M290 742C350 738 380 780 440 850H340C340 810 320 770 290 742z','#6b4f3c')+ellipse(250,812,14,9,'#a58669')+ellipse(310,790,10,7,'#a58669')
// digger
o+=`<g transform="translate(1190 720)">${ellipse(160,134,190,12,'#3a3e47','opacity=".5"')
 +rect(40,74,260,56,'#3b3f48','rx="28"')+rect(48,82,244,40,'#5a606b','rx="20"')+[70,118,166,214,262].map(x=>circle(x+4,102,15,'#2d3138')+circle(x+4,102,6,'#8d959e')).join('')
 +rect(96,40,160,36,'#c98a1e')+path('M70-30h150l20 20v60H60v-60z','#f0b93a')+path('M190-30h30l20 20v60h-50z','#d39a24')+rect(232,-2,86,52,'#d39a24','rx="8"')+rect(240,6,40,6,'#8a5a00')+rect(240,18,40,6,'#8a5a00')
 +path('M84-110h96l22 40v62H84z','#3b4652')+path('M94-100h80l18 34v46H94z','#a9d0de')+path('M94-100h36l-20 80H94z','#cfe6ee')+rect(140,-100,5,80,'#3b4652')
 +circle(126,-52,15,'#d9a47c')+path('M110-54a16 16 0 0 1 32 0z','#f6ecd6')+path('M104-22C104-40 150-40 150-22z','#e06a2c')
 +path('M86 16L-60-170L-36-184L112-6z','#f0b93a')+path('M-36-184L112-6L104 4L-46-176z','#d39a24')+path('M-62-186L-34-178L-150-30L-172-44z','#f0b93a')+path('M-34-178L-150-30L-160-36L-46-182z','#d39a24')+circle(-48,-178,13,'#8a5a00')+circle(92,8,14,'#8a5a00')+circle(-160,-38,11,'#8a5a00')
 +path('M-190-46L-138-34L-140 12C-160 34-196 34-214 10L-200 4C-190 8-182-10-190-46z','#4a505b')+path('M-150-36L-138-34L-140 12C-150 24-162 28-176 28C-156 14-150-10-150-36z','#363b44')+path('M-214 10l-8 12 14-4zM-200 20l-6 14 14-6zM-184 26l-4 14 14-8z','#8d959e')+rect(20,-86,70,8,'#8d959e','transform="rotate(51 20 -86)"')}</g>`
// barriers, cones and signs
function barrier(x,y,w){ let s=rect(x+10,y-8,8,58,'#8d959e')+rect(x+w-18,y-8,8,58,'#8d959e')+rect(x+2,y+46,26,6,'#5a606b')+rect(x+w-26,y+46,26,6,'#5a606b'); for(const dy of [-18,14]){ s+=rect(x,y+dy,w,20,'#fbf7ec','rx="3"'); for(let k=0;k<w/34;k++){ const a=x+k*34; s+=poly([[a,y+dy+20],[a+14,y+dy],[Math.min(a+30,x+w),y+dy],[Math.min(a+16,x+w),y+dy+20]].map(([p,q])=>[Math.min(p,x+w),q]),'#c2301f') } } return s }
const cone=(x,y,s=1)=>`<g transform="translate(${x} ${y}) scale(${s})">${rect(-24,-6,48,8,'#c4501f','rx="2"')+path('M-16-6L-5-60h10l11 54z','#e8702c')+path('M-12.600-24h25.200l2 10h-29.200zM-9-42h18l2 10H-11z','#fbf7ec')+path('M2-60h3l11 54H6z','#c4501f','opacity=".45"')}</g>`
o+=barrier(470,690,190)+barrier(700,690,190)+barrier(930,690,190)
o+=barrier(520,846,170)+cone(470,880,1.1)+cone(740,880,1.15)+cone(850,884,1.15)+cone(960,880,1.15)+cone(400,872,1)
o+=`<g transform="translate(300 700)">${rect(-5,-120,10,150,'#8d959e')+poly([[0,-236],[84,-96],[-84,-96]],'#c2301f')+poly([[0,-206],[60,-108],[-60,-108]],'#ffd45c')+circle(-4,-172,8,'#1b2430')+path('M-14-160l18 4 10 22-6 4-10-16-6 8 8 16h-10l-8-18z','#1b2430')+path('M6-128l22-26 6 5-20 25z','#1b2430')+path('M12-112q16-20 32 0z','#1b2430')+rect(-30,28,60,8,'#5a606b')}</g>`
// workers
const vest='#e8702c'
const helmet=(c)=>path('M-15-124C-16-146 16-146 15-124z',c)+rect(-18,-127,36,5,c,'rx="2.5"')
const stripes=rect(-15,-82,30,6,'#f6ecd6')+rect(-15,-66,30,6,'#f6ecd6')
o+=person(760,742,1.1,{coat:vest,legs:'#34506b',hair:'#3b2c25',hat:stripes+helmet('#fbf7ec'),arm:rect(-21,-98,9,42,'#d05e22','rx="4.5" transform="rotate(20 -16 -96)"')+rect(12,-98,9,42,'#b8501a','rx="4.5" transform="rotate(-40 16 -96)"')})
o+=`<line x1="800" y1="640" x2="838" y2="770" stroke="#a5764a" stroke-width="7" stroke-linecap="round"/>`+path('M828 762l22-6 10 24c-8 12-22 12-26 4z','#7d8791')
o+=person(600,746,1.08,{coat:vest,legs:'#4a5666',hair:'#8a5a3c',skin:'#9c6a48',hat:stripes+helmet('#ffd45c')})
o+=`<g transform="translate(574 676)">${rect(0,0,64,44,'#fbf7ec','rx="2"')+rect(6,6,52,32,'#8fc1ec')+path('M6 30l18-14 12 8 22-16','none','stroke="#1f4e79" stroke-width="3"')}</g>`
o+=person(930,744,1.08,{coat:'#1f4e79',legs:'#2b3440',hair:'#e9e4da',hat:helmet('#fbf7ec'),arm:rect(-21,-98,9,44,'#1a4268','rx="4.5"')+rect(12,-98,9,40,'#163a5c','rx="4.5" transform="rotate(-70 16 -96)"')})
// passers-by on the pavement
o+=person(80,652,.8,{coat:'#6b3a5b',hair:'#6b4327',skirt:true})+person(130,654,.56,{coat:'#e0a83c',hair:'#3b2c25',legs:'#3e6b35'})
o+=person(1490,654,.74,{coat:'#3e6b35',hair:'#d9d4ca'})
export default svg(o)
