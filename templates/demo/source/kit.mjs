// Drawing kit: flat colours, no gradients but stepped bands, light from the upper right.
export const rng=(seed)=>()=>{ seed|=0; seed=seed+0x6D2B79F5|0; let t=Math.imul(seed^seed>>>15,1|seed); t=t+Math.imul(t^t>>>7,61|t)^t; return ((t^t>>>14)>>>0)/4294967296 }
export const mix=(a,b,t)=>{const p=h=>[1,3,5].map(i=>parseInt(h.slice(i,i+2),16)); const A=p(a),B=p(b); return '#'+A.map((v,i)=>Math.round(v+(B[i]-v)*t).toString(16).padStart(2,'0')).join('')}
export const n=(v)=>Number(v.toFixed(1))
export const rect=(x,y,w,h,f,e='')=>`<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" fill="${f}" ${e}/>`
export const poly=(pts,f,e='')=>`<polygon points="${pts.map(([x,y])=>n(x)+','+n(y)).join(' ')}" fill="${f}" ${e}/>`
export const path=(d,f,e='')=>`<path d="${d}" fill="${f}" ${e}/>`
export const circle=(x,y,r,f,e='')=>`<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="${f}" ${e}/>`
export const ellipse=(x,y,rx,ry,f,e='')=>`<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(rx)}" ry="${n(ry)}" fill="${f}" ${e}/>`
export const bands=(y0,y1,a,b,k,w=1600)=>Array.from({length:k},(_,i)=>rect(0,y0+(y1-y0)*i/k,w,(y1-y0)/k+1,mix(a,b,i/(k-1)))).join('')
export const svg=(inner,w=1600,h=900)=>`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}">${inner}</svg>\n`
export const cloud=(x,y,s,f='#eef0ee',o=.75)=>`<g transform="translate(${x} ${y}) scale(${s})" opacity="${o}">${path('M0 0C8-14 30-16 44-15 58-34 96-40 130-32 150-40 190-38 205-24 235-26 268-14 280 0z',f)}</g>`
export const cypress=(x,y,h,f='#2c5142',g='#3c6651')=>path(`M${x} ${y}C${x-h*.17} ${y-h*.25} ${x-h*.13} ${y-h*.75} ${x} ${y-h}C${x+h*.13} ${y-h*.75} ${x+h*.17} ${y-h*.25} ${x} ${y}z`,f)+path(`M${x} ${y}C${x+h*.17} ${y-h*.25} ${x+h*.13} ${y-h*.75} ${x} ${y-h}C${x+h*.05} ${y-h*.6} ${x+h*.05} ${y-h*.3} ${x} ${y}z`,g)
export const bush=(x,y,r,f='#3f6b45',g='#5b8a4f')=>circle(x,y,r,f)+path(`M${n(x-r*.2)} ${n(y-r*.98)}A${r} ${r} 0 0 1 ${n(x+r*.98)} ${n(y+r*.2)}A${n(r*1.25)} ${n(r*1.25)} 0 0 0 ${n(x-r*.2)} ${n(y-r*.98)}z`,g)
export const pine=(x,y,h,trunk='#6b4a35',f='#3a6a4a',g='#4f8358')=>path(`M${x-h*.035} ${y}L${x-h*.015} ${y-h*.7}L${x+h*.015} ${y-h*.7}L${x+h*.035} ${y}z`,trunk)+path(`M${x} ${y-h*.5}l${-h*.16} ${-h*.16}l${h*.02} ${-h*.015}l${h*.14} ${h*.11}z`,trunk)+ellipse(x,y-h*.78,h*.44,h*.16,f)+ellipse(x-h*.22,y-h*.72,h*.24,h*.11,f)+ellipse(x+h*.25,y-h*.72,h*.24,h*.11,f)+path(`M${x-h*.2} ${y-h*.9}C${x} ${y-h*1.0} ${x+h*.4} ${y-h*.92} ${x+h*.44} ${y-h*.78}C${x+h*.3} ${y-h*.86} ${x} ${y-h*.92} ${x-h*.2} ${y-h*.9}z`,g)
// A house seen from the front with its side in the shade: x,y is the foot at left.
const WALLS=['#ecc98f','#e9b98a','#f4e6cb','#dfae83','#f0d5a6','#e6c9ac','#f7efdd','#d9a67c','#e3b196']
const ROOFS=['#b4523a','#c0634a','#a8472f','#bb5b3e']
export function house(r,x,y,w,h,opt={}){ const wall=opt.wall||WALLS[Math.floor(r()*WALLS.length)], roof=opt.roof||ROOFS[Math.floor(r()*ROOFS.length)]; const side=w*.26, shade=mix(wall,'#8a5f4c',.28); let o=''
  o+=rect(x,y-h,w,h,wall)+rect(x+w-side,y-h,side,h,shade)
  const rh=Math.min(22,h*.2)*(opt.rs||1); o+=poly([[x-w*.05,y-h],[x+w*.1,y-h-rh],[x+w*.92,y-h-rh],[x+w*1.05,y-h]],roof)+poly([[x+w-side,y-h],[x+w*.7,y-h-rh],[x+w*.92,y-h-rh],[x+w*1.05,y-h]],mix(roof,'#6a2716',.35))+rect(x-w*.05,y-h,w*1.1,2.5,mix(roof,'#4a1c10',.45))
  const ww=Math.max(4,w*.1), wh=ww*1.65, cols=w-side>46?2:(w-side>34?2:1); const shut=['#4f7c9c','#3f6f8c','#5e8a73','#6f94a8'][Math.floor(r()*4)]
  for(let fy=y-h+9;fy+wh<y-3;fy+=wh*1.95) for(let c=0;c<cols;c++){ const cx=x+(w-side)*(cols===1?.5:(c?.72:.28)); if(r()<.12) continue; o+=rect(cx-ww*.5,fy,ww,wh,'#3b3330'); if(r()<.75) o+=rect(cx-ww*1.15,fy,ww*.62,wh,shut)+rect(cx+ww*.53,fy,ww*.62,wh,shut) }
  return o }
export const sail=(x,y,s,hull='#7a3a2a')=>`<g transform="translate(${x} ${y}) scale(${s})">${path('M-2-78V-6L-34-6z','#e8eef2')+path('M3-84v78h36z','#fbfcfc')+path('M-40 0h84l-12 14h-62z',hull)}</g>`
export const glints=(r,y0,y1,k,f='#bcd9e8',x0=0,x1=1600)=>Array.from({length:k},()=>{const t=r(),y=y0+(y1-y0)*t; return rect(x0+r()*(x1-x0),y,20+r()*90*(0.4+t),1.6+t*1.6,f,'opacity=".55" rx="1"')}).join('')
export const person=(x,y,s,{coat='#1f4e79',legs='#2b3440',skin='#d9a47c',hair='#3b2c25',hat='',flip=1,arm='' ,skirt=false}={})=>`<g transform="translate(${x} ${y}) scale(${s*flip} ${s})">${rect(-11,-46,9,46,legs,'rx="3"')+rect(3,-46,9,46,mix(legs,'#000000',.15),'rx="3"')}${skirt?path('M-15-78h30l7 52h-44z',coat):''}${path('M-15-98C-15-108 15-108 15-98L17-42H-17z',coat)}${path('M0-106C10-106 15-104 15-98L17-42H4z',mix(coat,'#000000',.16))}${arm||rect(-21,-98,9,44,mix(coat,'#000000',.08),'rx="4.5"')+rect(12,-98,9,44,mix(coat,'#000000',.25),'rx="4.5"')}${rect(-4,-113,8,10,mix(skin,'#7a4a30',.25))}${circle(0,-122,12.5,skin)}${path('M-13-122C-14-140 14-140 13-122C9-129-7-131-13-122z',hair)}${hat}</g>`
