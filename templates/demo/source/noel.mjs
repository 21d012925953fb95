import {rng,mix,rect,poly,path,circle,ellipse,bands,svg,house,person,n} from './kit.mjs'
const r=rng(24); let o=''
o+=bands(0,560,'#1b2f4f','#6b5a7d',12)+bands(420,640,'#6b5a7d','#d9906f',7)
for(let k=0;k<110;k++) o+=circle(r()*1600,r()*330,.8+r()*1.7,'#fff6df',`opacity="${(.35+r()*.6).toFixed(2)}"`)
o+=path('M1330 84A46 46 0 1 0 1372 150A40 40 0 0 1 1330 84z','#fdf1d0')
// houses round the square
const walls=['#a9795f','#b88a63','#8f6a5e','#c09a72','#9c7466','#b08060']
function facade(x,w,h,wall,roof='#5e3530',base=640){ let s=rect(x,base-h,w,h,wall)+rect(x+w*.76,base-h,w*.24,h,mix(wall,'#3a2a3a',.35))+poly([[x-14,base-h],[x+18,base-h-42],[x+w-18,base-h-42],[x+w+14,base-h]],roof)+rect(x-14,base-h-3,w+28,6,mix(roof,'#1d1420',.4))
 for(let k=0;k<9;k++) s+=rect(x+w*(.08+k*.1),base-h-40+ (k%2),5,36,mix(roof,'#1d1420',.25))
 const cols=w>170?3:2; for(let fy=base-h+34;fy<base-130;fy+=86) for(let c=0;c<cols;c++){ const cx=x+w*((c+.55)/(cols+.25)), lit=r()<.72; s+=rect(cx-17,fy,34,52,lit?'#ffdf8e':'#3c3444')+(lit?rect(cx-17,fy,34,20,'#ffeab4'):'')+rect(cx-1.5,fy,3,52,'#5b4438')+rect(cx-17,fy+24,34,3,'#5b4438')+rect(cx-34,fy-2,15,56,'#46667a')+rect(cx+19,fy-2,15,56,'#3a5668')+rect(cx-22,fy+53,44,5,'#d9c3a0') } return s }
o+=facade(-40,210,330,walls[0])+facade(150,190,410,walls[1])+facade(330,170,300,walls[2])+facade(1090,180,320,walls[3])+facade(1260,200,420,walls[4])+facade(1450,190,350,walls[5])
// church
o+=rect(560,250,330,390,'#c9a276')+rect(800,250,90,390,'#9d7a63')+poly([[540,252],[725,150],[910,252]],'#6b3b33')+poly([[725,150],[910,252],[820,252]],'#55302c')+circle(700,330,40,'#ffdf8e')+circle(700,330,40,'none','stroke="#8a6a52" stroke-width="8"')+path('M700 290v80M660 330h80M672 302l56 56M728 302l-56 56','none','stroke="#8a6a52" stroke-width="4"')
o+=path('M640 640V500a60 60 0 0 1 120 0V640z','#5b3a30')+path('M655 640V504a45 45 0 0 1 90 0V640z','#ffcf77')+rect(697,460,6,180,'#5b3a30')
o+=rect(880,120,104,520,'#d6b184')+rect(946,120,38,520,'#a98669')+rect(868,112,128,14,'#6b3b33')+path('M886 112C884 60 920 36 932 36C944 36 980 60 978 112z','#a9684a')+path('M932 36C944 36 980 60 978 112H956C958 76 944 46 932 36z','#84503c')+rect(930,8,4,32,'#3b2c25')+path('M908 220v-34a24 24 0 0 1 48 0v34z','#3a2c34')+path('M918 220v-10a14 16 0 0 1 28 0v10z','#c9a24e')+circle(932,280,27,'#fbf3dc')+circle(932,280,27,'none','stroke="#5b4438" stroke-width="4"')+path('M932 264v16l11 8','none','stroke="#3b2c25" stroke-width="4" stroke-linecap="round"')
// ground
o+=bands(636,900,'#7a6a74','#4f4658',9)
for(let row=0;row<9;row++){ const y=650+row*row*3.4+row*4; for(let k=-1;k<20+1;k++){ const w=84, x=k*w+(row%2?w/2:0); o+=path(`M${x} ${y+26}a${w/2} ${12+row*2} 0 0 1 ${w} 0`,'none','stroke="#8d7d88" stroke-width="2" opacity=".5"') } }
o+=ellipse(720,690,210,26,'#ffcf77','opacity=".28"')
// the tree
{ const X=720,Y=690; o+=rect(X-16,Y-44,32,50,'#5b4030')+ellipse(X,Y+6,70,12,'#3a3344','opacity=".5"')
 const tiers=[[150,160],[126,150],[100,140],[74,120],[46,100]]; let y=Y-36; tiers.forEach(([w,h],i)=>{ o+=path(`M${X-w} ${y}Q${X-w*.45} ${y-h*.45} ${X} ${y-h}Q${X+w*.45} ${y-h*.45} ${X+w} ${y}Q${X+w*.5} ${y+16} ${X} ${y+14}Q${X-w*.5} ${y+16} ${X-w} ${y}z`,'#2f5f47')+path(`M${X} ${y-h}Q${X+w*.45} ${y-h*.45} ${X+w} ${y}Q${X+w*.5} ${y+16} ${X+w*.2} ${y+14}Q${X+w*.35} ${y-h*.3} ${X} ${y-h}z`,'#24503d')
  o+=path(`M${X-w*.86} ${y-14}Q${X} ${y+34} ${X+w*.86} ${y-14}`,'none','stroke="#e8b54a" stroke-width="3"'); for(let k=0;k<=8;k++){ const u=-.8+k*.2, bx=X+w*u*.96, by=y-14+46*(1-u*u)*.5; o+=circle(bx,by,7,['#d6503a','#ffd45c','#f6ecd6','#8fc1ec'][(k+i)%4])+circle(bx-2,by-2,2.2,'#fff','opacity=".8"') } y-=h*.52 })
 const ty=y-44; o+=path(`M${X} ${ty-34}l8 22 24 1-19 15 7 23-20-13-20 13 7-23-19-15 24-1z`,'#ffd45c')+circle(X,ty-8,54,'#ffd45c','opacity=".18"') }
// garlands of lamps
function garland(x1,y1,x2,y2,sag,k){ let s=path(`M${x1} ${y1}Q${(x1+x2)/2} ${(y1+y2)/2+sag*2} ${x2} ${y2}`,'none','stroke="#2b2438" stroke-width="3"'); for(let i=1;i<k;i++){ const t=i/k, x=(1-t)*(1-t)*x1+2*t*(1-t)*(x1+x2)/2+t*t*x2, y=(1-t)*(1-t)*y1+2*t*(1-t)*((y1+y2)/2+sag*2)+t*t*y2; s+=circle(x,y+11,20,'#ffdf8e','opacity=".22"')+circle(x,y+10,7.500,['#fff0c2','#ffd45c','#ffe29a'][i%3])+rect(x-3,y-1,6,6,'#2b2438') } return s }
o+=garland(-20,300,560,330,60,13)+garland(985,330,1620,290,60,14)+garland(-20,210,880,190,70,18)+garland(984,190,1620,180,60,13)
// chalets
function chalet(x,y,w,color,goods){ const h=170; let s=ellipse(x+w/2,y+4,w*.62,14,'#2b2438','opacity=".4"')+rect(x,y-h,w,h,'#7d5437')+rect(x+w*.82,y-h,w*.18,h,'#5f3f2c'); for(let k=1;k<6;k++) s+=rect(x,y-h+k*h/6,w,2,'#5f3f2c','opacity=".7"')
 s+=rect(x+18,y-h+22,w-36,74,'#ffd98a')+rect(x+18,y-h+22,w-36,26,'#ffe9b8')
 s+=goods(x+18,y-h+96,w-36)
 s+=rect(x-8,y-h+94,w+16,14,'#a9784e')+rect(x-8,y-h+106,w+16,4,'#5f3f2c')
 s+=poly([[x-26,y-h+4],[x+w/2,y-h-78],[x+w+26,y-h+4]],'#5b3a30')+poly([[x-26,y-h+4],[x+w/2,y-h-78],[x+w/2,y-h-60],[x-8,y-h+10]],'#f4f1ea')+poly([[x+w+26,y-h+4],[x+w/2,y-h-78],[x+w/2,y-h-60],[x+w+8,y-h+10]],'#dcdfe6')
 const st=8; for(let k=0;k<st;k++){ const a=x-16+(w+32)*k/st, b=(w+32)/st; s+=path(`M${n(a)} ${y-h+2}h${n(b)}v20a${n(b/2)} 13 0 0 1-${n(b)} 0z`,k%2?'#f6ecd6':color) } 
 return s }
const jars=(x,y,w)=>{let s='';for(let k=0;k<6;k++){const c=['#c4563a','#e0a83c','#7a8f3c','#8a3b52'][k%4];s+=rect(x+8+k*(w-16)/6,y-30,18,28,c,'rx="4"')+rect(x+9+k*(w-16)/6,y-36,16,7,'#f6ecd6','rx="2"')}return s}
const breads=(x,y,w)=>{let s='';for(let k=0;k<5;k++)s+=ellipse(x+24+k*(w-40)/4.4,y-10,19,11,k%2?'#b8793f':'#cf9350')+path(`M${n(x+14+k*(w-40)/4.4)} ${y-13}l8 5M${n(x+24+k*(w-40)/4.4)} ${y-16}l8 6`,'none','stroke="#f0d5a6" stroke-width="2.5"');return s}
const toys=(x,y,w)=>{let s='';for(let k=0;k<5;k++){const a=x+20+k*(w-40)/4.2;s+=circle(a,y-12,12,['#1f4e79','#c4563a','#3e6b35','#e0a83c','#6b3a5b'][k])+circle(a-4,y-16,3,'#fff','opacity=".6"')+rect(a-3,y-27,6,6,'#e8b54a')}return s}
o+=chalet(70,760,250,'#a63d24',jars)+chalet(1010,720,210,'#1f4e79',toys)+chalet(1290,780,260,'#3e6b35',breads)
// sellers behind, people in front
const bust=(x,y,c,h,cap)=>`<g transform="translate(${x} ${y})">${path('M-26 0C-26-26-14-30 0-30C14-30 26-26 26 0z',c)+circle(0,-44,14,'#e0ab82')+path('M-14-44C-15-62 15-62 14-44C8-50-8-50-14-44z',h)+(cap?path('M-15-48C-15-66 15-66 15-48z',cap)+circle(0,-64,5,'#f6ecd6'):'')}</g>`
o+=bust(205,684,'#3e6b35','#5b4030','#a63d24')+bust(1110,644,'#6b3a5b','#e9e4da','')+bust(1420,704,'#c98a3a','#3b2c25','#1f4e79')
const scarf=(c)=>rect(-13,-112,26,9,c,'rx="4"')+rect(4,-110,8,34,c,'rx="3"')
const bonnet=(c)=>path('M-14-124C-15-146 15-146 14-124z',c)+rect(-15,-128,30,8,'#f6ecd6','rx="4"')+circle(0,-143,6,'#f6ecd6')
o+=person(390,800,1.15,{coat:'#a63d24',hair:'#6b4a35',hat:bonnet('#1f4e79')+scarf('#e0a83c')})
o+=person(452,812,.74,{coat:'#e0a83c',hair:'#3b2c25',legs:'#34506b',hat:bonnet('#a63d24')+scarf('#3e6b35')})
o+=person(560,850,1.28,{coat:'#1f4e79',hair:'#d9d4ca',hat:scarf('#c4563a')+path('M-18-130h36l-5-5C9-146-9-146-13-135z','#3a4657')})
o+=person(640,846,1.22,{coat:'#3e6b35',hair:'#a9683c',skirt:true,hat:scarf('#f6ecd6')+path('M-13-124C-18-112-17-104-15-98L-9-106z','#a9683c')})
o+=person(900,822,1.16,{coat:'#6b3a5b',hair:'#3b2c25',hat:bonnet('#c98a3a')})
o+=person(960,838,1.2,{coat:'#34506b',hair:'#3b2c25',skin:'#9c6a48',hat:scarf('#e0a83c')})
o+=person(845,842,.68,{coat:'#c4563a',hair:'#a9683c',legs:'#3e6b35',hat:bonnet('#f6ecd6')})
// mugs' steam, snow
for(let k=0;k<130;k++) o+=circle(r()*1600,r()*900,1+r()*2.6,'#fff',`opacity="${(.25+r()*.5).toFixed(2)}"`)
export default svg(o)
