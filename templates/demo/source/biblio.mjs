import {rng,mix,rect,poly,path,circle,ellipse,bands,svg,house,cypress,n} from './kit.mjs'
const r=rng(77); let o=''
// room
o+=rect(0,0,1600,900,'#f3e6cd')+bands(0,640,'#f6ecd8','#efdfc1',8)
// beams
for(const y of [0,58]) o+=rect(0,y,1600,y?14:34,y?'#9c7247':'#7d5735')
for(let x=60;x<1600;x+=210) o+=rect(x,34,34,26,'#8a623d')+rect(x,54,34,6,'#6b4a2e')
// floor tiles (tomettes) in perspective
o+=bands(640,900,'#b9694a','#9f5238',7)
for(let k=-14;k<=14;k++) o+=`<line x1="${800+k*70}" y1="640" x2="${800+k*190}" y2="900" stroke="#8a4530" stroke-width="2" opacity=".5"/>`
for(const y of [655,676,704,742,792,856]) o+=rect(0,y,1600,2,'#8a4530','opacity=".5"')
// tall arched window with the village outside
{ const x=610,w=380,top=120,bot=560; const clip=`<clipPath id="w"><path d="M${x} ${bot}V${top+190}A190 190 0 0 1 ${x+w} ${top+190}V${bot}z"/></clipPath>`
 let v=`<g clip-path="url(#w)">`+bands(100,420,'#8fbbd8','#f3dfba',8,1600)+rect(0,420,1600,200,'#4f8bb3')+bands(420,560,'#6ea3c4','#35719f',5)
 v+=circle(900,220,40,'#fff1cf')+circle(900,220,60,'#fff1cf','opacity=".3"')+path('M560 470C620 430 660 330 720 270C760 240 790 300 820 370C850 430 900 500 960 570H540z','#8f9468')
 const hs=[]; for(let k=0;k<44;k++){ const t=Math.pow(r(),.6), y=300+t*260, L=720-(y-270)*.62, R=740+(y-270)*.62; hs.push([y,L+r()*(R-L-20)]) } hs.sort((a,b)=>a[0]-b[0]); for(const [y,hx] of hs) v+=house(r,hx,y,30+r()*12,40+r()*20,{rs:.8})
 v+=rect(712,200,20,90,'#eccf97')+rect(725,200,7,90,'#d9ad71')+path('M710 202C709 184 719 176 722 176C725 176 735 184 734 202z','#cf8458')+cypress(655,470,70)+cypress(800,450,80)
 v+='</g>'
 o+=path(`M${x-26} ${bot+14}V${top+190}A216 216 0 0 1 ${x+w+26} ${top+190}V${bot+14}z`,'#d9c29a')+clip+v
 o+=`<path d="M${x} ${bot}V${top+190}A190 190 0 0 1 ${x+w} ${top+190}V${bot}z" fill="none" stroke="#3f6b6f" stroke-width="14"/>`+rect(x+w/2-5,top+4,10,bot-top,'#3f6b6f')+rect(x,330,w,8,'#3f6b6f')+rect(x,445,w,8,'#3f6b6f')
 o+=rect(x-44,bot,w+88,24,'#e9d6b0')+rect(x-44,bot+20,w+88,6,'#bfa377')
 // light on the floor
 o+=poly([[640,640],[960,640],[1120,900],[480,900]],'#ffe9b8','opacity=".22"') 
 // plants and cat on the sill
 o+=path('M650 560l6-46h52l6 46z','#c4703f')+rect(648,508,68,12,'#b4613a'); for(let k=-4;k<=4;k++) o+=`<path d="M682 510q${k*7} -40 ${k*15} -${64-Math.abs(k)*7}" stroke="#4d7847" stroke-width="6" fill="none" stroke-linecap="round"/>`
 o+=`<g transform="translate(905 560)">${path('M-46 0C-52-40-30-66-2-66C26-66 40-40 40 0z','#5b5350')+circle(34,-72,26,'#5b5350')+path('M14-86l4-26 18 14zM38-98l18-12 4 26z','#5b5350')+path('M-44-6C-80-4-88-30-76-44','none','stroke="#5b5350" stroke-width="11" stroke-linecap="round"')+path('M26-72q4 4 8 0M42-72q4 4 8 0','none','stroke="#f0d5a6" stroke-width="3" stroke-linecap="round"')+path('M-24-64q6 18 0 34M-8-66q6 18 0 34M8-66q6 18 0 34','none','stroke="#463f3d" stroke-width="5" stroke-linecap="round"')}</g>` }
// shelves
const spines=['#1f4e79','#a63d24','#3e6b35','#e0a83c','#6b3a5b','#c4703f','#22585b','#8a5a00','#4a5666','#d8a13b','#b4523a','#5e8a73','#f6ecd6','#33526e']
function shelf(x,w,y0,y1,rows){ let s=rect(x-16,y0-18,w+32,y1-y0+30,'#8a5f3a')+rect(x,y0,w,y1-y0,'#5b3d26')+rect(x-26,y0-30,w+52,18,'#a5764a')+rect(x-26,y0-14,w+52,5,'#6b4a2e')
 const H=(y1-y0)/rows; for(let k=0;k<rows;k++){ const base=y0+H*(k+1)-12; let cx=x+6; while(cx<x+w-16){ const pick=r(); if(pick<.05&&cx<x+w-70){ // a small plant or globe
     if(r()<.5){ s+=circle(cx+28,base-34,24,'#6ea3c4')+path(`M${n(cx+12)} ${n(base-44)}q14-10 24 2q10 4 12 14q-16 14-24 4q-12 0-12-20z`,'#6f9a58')+path(`M${n(cx+22)} ${n(base-8)}h12v8h-12z`,'#8a5a00')+rect(cx+12,base-4,32,5,'#8a5a00')} else { s+=path(`M${n(cx+14)} ${n(base)}l-4-24h36l-4 24z`,'#c4703f'); for(let j=-3;j<=3;j++) s+=ellipse(cx+28+j*7,base-34-(3-Math.abs(j))*6,6,14,j%2?'#4d7847':'#6f9a58',`transform="rotate(${j*14} ${n(cx+28)} ${n(base-24)})"`) } cx+=62; continue }
   if(pick<.1&&cx<x+w-100){ let yy=base; for(let j=0;j<3+Math.floor(r()*2);j++){ const ww=66+r()*18, hh=11+r()*5; yy-=hh; s+=rect(cx+r()*6,yy,ww,hh-1.5,spines[Math.floor(r()*spines.length)],'rx="2"') } cx+=92; continue }
   const bw=12+r()*18, bh=(H-26)*(.62+r()*.36), c=spines[Math.floor(r()*spines.length)]; const tilt=r()<.05&&cx<x+w-60; s+=tilt?`<g transform="rotate(-9 ${n(cx)} ${n(base)})">${rect(cx+8,base-bh,bw,bh,c,'rx="2"')}</g>`:rect(cx,base-bh,bw,bh,c,'rx="2"')+rect(cx+bw*.7,base-bh,bw*.3,bh,mix(c,'#1b1410',.22),'rx="2"')+(bw>17?rect(cx+3,base-bh+10,bw-6,3,'#f6ecd6','opacity=".8"')+rect(cx+3,base-bh+16,bw-6,3,'#f6ecd6','opacity=".8"'):rect(cx+2,base-20,bw-4,6,'#f6ecd6','opacity=".6"')); cx+=bw+1.6+(tilt?20:0) }
   s+=rect(x,base,w,12,'#a5764a')+rect(x,base+9,w,4,'#6b4a2e') } return s }
o+=shelf(60,440,130,690,5)+shelf(1100,440,130,690,5)
// ladder
o+=`<g transform="rotate(7 470 700)">${rect(448,190,10,520,'#c79a62')+rect(508,190,10,520,'#b3854f')}${[240,310,380,450,520,590,660].map(y=>rect(450,y,66,9,'#d8ae78')).join('')}</g>`
// rug
o+=ellipse(800,800,430,72,'#1f4e79')+ellipse(800,800,400,62,'#f0d9ac')+ellipse(800,800,372,54,'#a63d24')+ellipse(800,800,250,34,'#e0a83c')+ellipse(800,800,220,28,'#a63d24')
// pendant lamps
for(const x of [430,1170]) o+=rect(x-2,70,4,90,'#3b3330')+path(`M${x-52} 206C${x-48} 166 ${x-20} 156 ${x} 156C${x+20} 156 ${x+48} 166 ${x+52} 206z`,'#3f6b6f')+path(`M${x} 156C${x+20} 156 ${x+48} 166 ${x+52} 206H${x+14}C${x+16} 180 ${x+10} 162 ${x} 156z`,'#2f5558')+ellipse(x,206,52,8,'#fff0c2')+circle(x,216,60,'#fff0c2','opacity=".16"')
// armchair with a reader (left of the window), table with a child (right)
o+=`<g transform="translate(420 800)">${path('M-20 0V-120C-20-180 30-200 90-196C150-200 196-176 196-120V0z','#3e6b35')+path('M120-196C170-194 196-170 196-120V0H150C160-60 160-140 120-196z','#2f5530')+rect(6,-88,160,60,'#4f8044','rx="18"')
 // reader
 +path('M40-60C40-110 60-136 96-136C132-136 150-110 150-64z','#c4563a')+path('M104-136C134-134 150-108 150-64H118z','#a3442c')+circle(96,-166,27,'#e0ab82')+path('M68-164C62-206 130-208 124-166C116-186 84-190 76-170C76-160 70-158 68-164z','#e9e4da')+circle(86,-163,8,'none','stroke="#3b3330" stroke-width="3"')+circle(106,-163,8,'none','stroke="#3b3330" stroke-width="3"')+path('M94-163h4','none','stroke="#3b3330" stroke-width="3"')+path('M86-148q8 6 16 0','none','stroke="#a3684a" stroke-width="3" stroke-linecap="round"')
 +path('M46-62h104c14 0 22 10 22 24v38h-36v-26H60v26H24v-38c0-14 8-24 22-24z','#34506b')+rect(26,0,34,34,'#34506b')+rect(136,0,34,34,'#2a4157')+path('M22 34h40v14H14c0-8 4-12 8-14zM132 34h40v14h-48c0-8 4-12 8-14z','#5b3d26')
 +path('M58-96l38 12 38-12v44l-38 12-38-12z','#f6ecd6')+path('M96-84l38-12v44l-38 12z','#e3d5b8')+path('M54-98l42 13 42-13','none','stroke="#1f4e79" stroke-width="5"')+circle(58,-68,9,'#e0ab82')+circle(134,-68,9,'#d19a70')
 +rect(-34,-104,42,104,'#4f8044','rx="18"')+rect(164,-104,42,104,'#3a6636','rx="18"')+rect(-22,0,14,22,'#5b3d26')+rect(184,0,14,22,'#5b3d26')}</g>`
o+=`<g transform="translate(1010 800)">${ellipse(60,44,150,14,'#5b2f20','opacity=".35"')
 +path('M60-60C60-96 76-112 104-112C132-112 148-96 148-60V10H60z','#e0a83c')+path('M110-112C134-110 148-94 148-60V10H124z','#c28c2c')+circle(104,-140,25,'#9c6a48')+path('M78-138C70-176 138-178 130-140C122-158 86-158 78-138z','#2f2420')+circle(76,-150,9,'#2f2420')+circle(132,-150,9,'#2f2420')+path('M96-132q8 6 16 0','none','stroke="#6b4028" stroke-width="3" stroke-linecap="round"')
 +path('M-30-60C-30-94-14-108 10-108C34-108 48-94 48-60V10H-30z','#1f4e79')+path('M16-108C36-106 48-92 48-60V10H26z','#163a5c')+circle(10,-134,24,'#f0c7a2')+path('M-15-132C-20-166 42-168 35-132C30-150 4-146-8-150C-12-144-13-140-15-132z','#b8743a')+path('M4-126q8 6 16 0','none','stroke="#b07a58" stroke-width="3" stroke-linecap="round"')
 +ellipse(56,-36,150,26,'#b98a55')+ellipse(56,-42,150,26,'#d8ae78')+rect(44,-24,24,60,'#9c7247')+path('M8 40h96l-20-14H28z','#8a623d')
 +path('M2-56l40 6 40-6v18l-40 8-40-8z','#fbf7ec')+path('M42-50l40-6v18l-40 8z','#e9dfc8')+rect(8,-50,26,3,'#8fc1ec')+rect(8,-44,20,3,'#8fc1ec')+circle(60,-46,6,'#c4563a')
 +rect(112,-58,54,9,'#a63d24','rx="2"')+rect(116,-67,46,9,'#3e6b35','rx="2"')+rect(110,-76,50,9,'#1f4e79','rx="2"')+path('M-66-48l6-22h22l6 22z','#f6ecd6')+rect(-58,-88,3,20,'#c4563a')+rect(-50,-92,3,24,'#1f4e79')+rect(-43,-86,3,18,'#3e6b35')}</g>`
// a pile of books and a basket at the front
o+=`<g transform="translate(200 850)">${rect(0,-16,130,17,'#22585b','rx="3"')+rect(10,-32,112,16,'#d8a13b','rx="3"')+rect(2,-50,122,18,'#a63d24','rx="3"')+rect(16,-64,96,14,'#f6ecd6','rx="3"')+rect(16,-64,12,14,'#1f4e79','rx="2"')}</g>`
o+=`<g transform="translate(1310 846)">${path('M-10-70h150l-14 74H4z','#c79a62')+path('M-10-70h150l-3 14H-7z','#a5764a')+[0,1,2].map(k=>rect(-4+k*2,-46+k*17,142-k*6,4,'#a5764a')).join('')+`<g>${rect(8,-108,24,44,'#1f4e79')+rect(36,-98,20,34,'#e0a83c')+rect(60,-112,26,48,'#a63d24')+rect(90,-100,22,36,'#3e6b35')}</g>`+path('M-10-70h150l-1.500 7H-8z','#b98a55')}</g>`
export default svg(o)
